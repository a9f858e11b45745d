"""Defects of this library: what should never happen, said as a diagnostic all the same."""

from __future__ import annotations

import os
import sys
import traceback

from promoengine.errors import Contradiction, Diagnostic

TRACEBACK = "PROMOENGINE_TRACEBACK"
"""The environment variable that makes a defect show where it happened."""


def defect(error: Exception) -> Diagnostic:
    """An unexpected error as a diagnostic; with its traceback on standard error where that is asked for."""
    if os.environ.get(TRACEBACK) and sys.stderr is not None:
        traceback.print_exception(error)
    hint = f"please report it; {TRACEBACK}=1 shows where it happened"
    if isinstance(error, Contradiction):
        return Diagnostic("contradiction", f"promoengine contradicts itself: {error}", hint=hint)
    return Diagnostic("defect", f"promoengine has a defect: {type(error).__name__}: {error}", hint=hint)
