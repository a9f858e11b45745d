"""Promotions of one campaign repeat each other. What was validated once, word for word, is not validated again."""

from __future__ import annotations

import marshal
from typing import Any

from promoengine.document.promotion import PromotionDocument

PARTICULARS = frozenset({"id", "title", "description", "priority", "when", "codes", "schedule", "items", "labels"})
"""The fields in which promotions differ: who, when, and which units. All others are its terms."""
TERMS = tuple([name for name in PromotionDocument.model_fields if name not in PARTICULARS])
_MARSHAL = 2
"""A version that writes equal values as equal bytes; later ones tell shared values from copies."""


class Repeated:
    """Validates promotions one by one, and terms that are worded as those of an earlier one not again."""

    __slots__ = ("_known", "_validate")

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[dict[str, Any], set[str]]] = {}
        self._validate = PromotionDocument.model_validate

    def validated(self, data: dict[str, Any]) -> tuple[PromotionDocument, bytes | None]:
        """The promotion, and the wording of its terms: equal where these are. None where they hold values that are not
        told apart by how they are written. Raises `ValidationError`.
        """
        particulars: dict[str, Any] = {}
        terms: dict[str, Any] = {}
        for key, value in data.items():
            (particulars if key in PARTICULARS else terms)[key] = value
        try:
            wording = marshal.dumps(terms, _MARSHAL)
        except ValueError:
            return self._validate(data), None
        known = self._known.get(wording)
        if known is None:
            return self._first(data, wording), wording
        particulars["stage"] = terms["stage"]  # the one term that a promotion cannot do without
        promotion = self._validate(particulars)
        values, stated = known
        promotion.__dict__.update(values)  # as `model_copy` does, and without the copy
        promotion.__pydantic_fields_set__.update(stated)
        return promotion, wording

    def _first(self, data: dict[str, Any], wording: bytes) -> PromotionDocument:
        promotion = self._validate(data)
        values = promotion.__dict__
        self._known[wording] = ({name: values[name] for name in TERMS}, promotion.model_fields_set.intersection(TERMS))
        return promotion
