"""A campaign document becomes plans: one for each of its currencies.

The document is checked and lowered whole, and every diagnostic is collected.
Lowering asks each kind for its operations; the plan knows no kinds. Nothing here runs while a cart is priced.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from promoengine.compile.checks import check_document
from promoengine.compile.frames import frame_for
from promoengine.compile.hashing import content_hash
from promoengine.compile.plans import build_plan
from promoengine.document import CampaignDocument
from promoengine.errors import MOST_DIAGNOSTICS, Diagnostic, Path
from promoengine.kinds.lowering import Enough
from promoengine.plan import Plan

__all__ = ["compile_document", "content_hash"]


def compile_document(
    document: CampaignDocument, positions: Sequence[int] | None = None
) -> tuple[dict[str, Plan], tuple[Diagnostic, ...]]:
    """The plan of each currency, and what is wrong (then the plans must not be used).

    `positions` are the places of the promotions in the list as written, where some were left out because they
    did not validate; diagnostics then still point at the right ones.
    """
    places = tuple(positions) if positions is not None else tuple(range(len(document.promotions)))
    diagnostics = list(islice(check_document(document, places), MOST_DIAGNOSTICS + 1))
    plans: dict[str, Plan] = {}
    digest = content_hash(document)
    for currency in dict.fromkeys((document.currency, *document.other_currencies)):
        found: list[Diagnostic] = []
        frame = frame_for(document, currency, found)
        if frame is not None:
            with suppress(Enough):
                plans[currency] = build_plan(document, places, frame, digest)
        diagnostics += found
    return plans, tuple(_once_each(diagnostics))


def _once_each(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Each finding once, though each currency finds it."""
    found: dict[tuple[str, str, Path], Diagnostic] = {}
    for diagnostic in diagnostics:
        found.setdefault((diagnostic.code, diagnostic.message, diagnostic.place.path), diagnostic)
    return list(found.values())
