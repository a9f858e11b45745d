"""Promotions of one campaign repeat each other. What was validated once, word for word, is not validated again."""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from pydantic import create_model

from promoengine.document.promotion import PromotionDocument
from promoengine.fields import Part

PARTICULARS = frozenset({"id", "title", "description", "priority", "when", "codes", "schedule", "items", "labels"})
"""The fields in which promotions differ: who, when, and which units. All others are its terms."""
TERMS = frozenset(PromotionDocument.model_fields) - PARTICULARS
_MARSHAL = 2
"""A version that writes equal values as equal bytes; later ones tell shared values from copies."""


@dataclass(slots=True)
class Written:
    """A promotion that is sound, in two parts. Of `particulars` only the fields of these are to be read, and of `terms`
    only the others: they may be those of an earlier promotion, whose terms are the same.

    `wording` is equal where terms are; None where they hold values that are not told apart by how they are written.
    """

    particulars: PromotionDocument
    terms: PromotionDocument
    wording: bytes | None = None


class Repeated:
    """Validates promotions one by one."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[bytes, PromotionDocument] = {}

    def validated(self, data: dict[str, Any]) -> Written:
        """The promotion. Raises `ValidationError`."""
        particulars: dict[str, Any] = {}
        terms: dict[str, Any] = {}
        for key, value in data.items():
            (particulars if key in PARTICULARS else terms)[key] = value
        try:
            wording = marshal.dumps(terms, _MARSHAL)
        except ValueError:
            return whole(PromotionDocument.model_validate(data))
        known = self._known.get(wording)
        if known is None:
            known = self._known[wording] = PromotionDocument.model_validate(data)
            return Written(known, known, wording)
        found = _particulars().__pydantic_validator__.validate_python(particulars)
        return Written(cast("PromotionDocument", found), known, wording)


def whole(promotion: PromotionDocument) -> Written:
    """A promotion of which nothing is known to be that of another."""
    return Written(promotion, promotion)


@cache
def _particulars() -> type[Part]:
    """The model of a promotion without its terms. It is made when terms are repeated for the first time."""
    fields: Any = {
        name: (info.annotation, info) for name, info in PromotionDocument.model_fields.items() if name in PARTICULARS
    }
    model = create_model("Particulars", __base__=Part, **fields)
    model.model_rebuild()
    return model
