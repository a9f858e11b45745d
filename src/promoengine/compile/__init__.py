"""A campaign document becomes plans: one for each of its currencies.

The document is checked and lowered whole, and every diagnostic is collected.
Lowering asks each kind for its operations; the plan knows no kinds. Nothing here runs while a cart is priced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from promoengine.compile.checks import check_document
from promoengine.compile.frames import frame_for
from promoengine.compile.hashing import ContentHash, content_hash
from promoengine.compile.plans import PlanBuilder, ranks_of
from promoengine.document import CampaignDocument
from promoengine.document.repeated import Repeated, whole
from promoengine.errors import MOST_DIAGNOSTICS, Diagnostic, Path
from promoengine.kinds.lowering import Enough
from promoengine.plan import Plan

__all__ = ["compile_document", "compile_sound", "content_hash"]


def compile_document(
    document: CampaignDocument, positions: Sequence[int] | None = None
) -> tuple[dict[str, Plan], tuple[Diagnostic, ...]]:
    """The plan of each currency, and what is wrong (then the plans must not be used).

    `positions` are the places of the promotions in the list as written, where some were left out because they
    did not validate; diagnostics then still point at the right ones.
    """
    places = tuple(positions) if positions is not None else tuple(range(len(document.promotions)))
    ids = [promotion.id for promotion in document.promotions]
    ranks = ranks_of([(promotion.priority, promotion.id) for promotion in document.promotions])
    diagnostics = list(islice(check_document(document, ids, places), MOST_DIAGNOSTICS + 1))
    plans: dict[str, Plan] = {}
    digest = content_hash(document)
    for currency in _currencies(document):
        found: list[Diagnostic] = []
        frame = frame_for(document, frozenset(ids), currency, found)
        if frame is not None:
            with suppress(Enough):
                builder = PlanBuilder(document, frame)
                for promotion, rank, place in zip(document.promotions, ranks, places, strict=True):
                    builder.add(whole(promotion), rank, place)
                plans[currency] = builder.plan(digest)
        diagnostics += found
    return plans, tuple(_once_each(diagnostics))


def compile_sound(head: CampaignDocument, promotions: list[Any]) -> dict[str, Plan] | None:
    """The plan of each currency, from the head of a document and its promotions as written; None where anything is
    wrong with them, which `compile_document` can say better.

    Promotions are validated and lowered one by one, so that of a hundred thousand never more than one is there as a
    model; and each is taken out of the list, so that the plan is made in the memory of what it is made of.
    """
    order = _order_of(promotions)
    if order is None or any(check_document(head, order.ids, range(len(order.ids)))):
        return None
    found: list[Diagnostic] = []
    try:
        builders = _builders(head, frozenset(order.ids), found)
        digest = ContentHash(head)
        repeated = Repeated()
        for place in order.by_id:
            written = repeated.validated(promotions[place])
            promotions[place] = None
            digest.add(written)
            for builder in builders:
                builder.add(written, order.ranks[place], place)
        hexdigest = digest.hexdigest()
        plans = [builder.plan(hexdigest) for builder in builders]
    except (ValidationError, Enough):
        return None
    return None if found else {each.currency: each for each in plans}


def _builders(head: CampaignDocument, ids: frozenset[str], found: list[Diagnostic]) -> list[PlanBuilder]:
    frames = [frame_for(head, ids, currency, found) for currency in _currencies(head)]
    return [PlanBuilder(head, frame) for frame in frames if frame is not None]


@dataclass(slots=True)
class _Order:
    """Promotions as written, of which nothing is known but that ids and priorities look like such."""

    ids: list[str]
    ranks: list[int]
    by_id: list[int]
    """Their places in the list, by id."""


def _order_of(promotions: list[Any]) -> _Order | None:
    """The order that promotions will have if they are sound; None where they are not."""
    keys: list[tuple[int, str]] = []
    for each in promotions:
        if type(each) is not dict:
            return None
        name, priority = each.get("id"), each.get("priority", 0)
        if type(name) is not str or type(priority) is not int:
            return None
        keys.append((priority, name))
    ids = [name for _, name in keys]
    return _Order(ids, ranks_of(keys), sorted(range(len(ids)), key=ids.__getitem__))


def _currencies(document: CampaignDocument) -> Iterable[str]:
    return dict.fromkeys((document.currency, *document.other_currencies))


def _once_each(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Each finding once, though each currency finds it."""
    found: dict[tuple[str, str, Path], Diagnostic] = {}
    for diagnostic in diagnostics:
        found.setdefault((diagnostic.code, diagnostic.message, diagnostic.place.path), diagnostic)
    return list(found.values())
