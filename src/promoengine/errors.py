"""What goes wrong is public interface: a code, a place, what is wrong, and what to do.

A `Diagnostic` is a value. Whoever checks input collects all of them and raises once, so that a
campaign with seven mistakes says seven things in one run. Every code is listed in `docs/errors.md`.
Where nothing more specific is said about what to do, `hints` has a sentence for the code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from promoengine.hints import HINTS
from promoengine.records import dataclass

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""Where in a document: mapping keys and list positions from its root, as `("promotions", 0, "id")`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a diagnostic points: a path into the data, and a file position where there is a file.

    `line` and `column` count from 1, as editors do; both are None where the input was not a file.
    """

    path: Path = ()
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        where = path_text(self.path)
        if self.line is None:
            return f"{self.file}: {where}" if self.file else where
        return f"{self.file or '<text>'}:{self.line}:{self.column}: {where}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong: a stable `code`, a sentence, where it is, and what to do about it.

    Without a `hint` it gets the one of its code; a code of other packages has none.
    """

    code: str
    message: str
    place: Place = Place()
    hint: str = ""
    severity: Severity = "error"

    def __post_init__(self) -> None:
        if not self.hint:
            object.__setattr__(self, "hint", HINTS.get(self.code, ""))

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.severity}[{self.code}]: {self.message}{hint}"

    def at(self, place: Place) -> Diagnostic:
        """The same diagnostic, pointing at `place`."""
        return replace(self, place=place)


class PromoengineError(Exception):
    """The root of every error that this library raises on purpose."""


MOST_DIAGNOSTICS = 1_000
"""An input can hold millions of the same mistake. Nobody reads on, and looking for more must not cost more."""


class DiagnosticsError(PromoengineError):
    """Input was refused. `diagnostics` holds every reason, in the order of the input; where there are more than
    `MOST_DIAGNOSTICS`, so many of them, and a last one that says so.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = shortened(tuple(diagnostics))
        super().__init__("\n".join(str(each) for each in self.diagnostics))

    def __reduce__(self) -> tuple[type[DiagnosticsError], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)


class CampaignError(DiagnosticsError):
    """A campaign document cannot be used."""


class CartError(DiagnosticsError):
    """A cart cannot be priced as it was given: it is malformed, or does not fit the campaign."""


class CartRefused(DiagnosticsError):
    """A rule of the campaign forbids this order (`refuse_for`, `beyond: refuse`, `out_of_stock: block`)."""


class ChoiceError(DiagnosticsError):
    """What the shopper chose cannot be had together, or is not known."""


class Contradiction(PromoengineError):
    """The engine contradicted itself: a defect of this library. Nothing was priced."""


def shortened(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """All of them, or the first `MOST_DIAGNOSTICS` and one that says that there are more, at the place of the last."""
    kept = diagnostics[:MOST_DIAGNOSTICS]
    if len(kept) == len(diagnostics) or diagnostics[MOST_DIAGNOSTICS].code == "too_many_problems":
        return diagnostics[: MOST_DIAGNOSTICS + 1]
    return (
        *kept,
        Diagnostic("too_many_problems", f"there are more than {MOST_DIAGNOSTICS:,} problems", kept[-1].place),
    )


def path_text(path: Path) -> str:
    """The path as people write it: `promotions[0].benefit.percent`; the root is `(document)`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "(document)"
