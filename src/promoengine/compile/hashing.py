"""The content hash of a campaign: what two files share that mean the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from promoengine.document import CampaignDocument, PromotionDocument
from promoengine.document.repeated import PARTICULARS, TERMS

_TEXT = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


class ContentHash:
    """The SHA-256 of a campaign whose promotions are added one by one, by id, and need not be there together."""

    __slots__ = ("_after", "_comma", "_digest", "_terms", "_waiting")

    def __init__(self, head: CampaignDocument) -> None:
        """`head` is the document; its promotions are left out, and are added."""
        content = head.model_dump(mode="json", exclude_defaults=True, exclude_none=True, exclude={"promotions"})
        texts = {key: f"{_TEXT(key)}:{_TEXT(value)}" for key, value in sorted(content.items())}
        before = "".join([f"{text}," for key, text in texts.items() if key < "promotions"])
        self._after = "".join([f",{text}" for key, text in texts.items() if key > "promotions"])
        self._digest = hashlib.sha256(_bytes(f'{{{before}"promotions":['))
        self._comma = b""
        self._terms: dict[bytes, dict[str, Any]] = {}
        self._waiting: list[dict[str, Any]] = []

    def add(self, promotion: PromotionDocument, wording: bytes | None = None) -> None:
        """The next promotion, in the order of ids. `wording` tells its terms from others: see `document.repeated`."""
        if wording is None:
            content = _content(promotion, None)
        else:
            terms = self._terms.get(wording)
            if terms is None:
                terms = self._terms[wording] = _content(promotion, _TERMS)
            content = {**terms, **_content(promotion, _PARTICULARS)}
        self._waiting.append(content)
        if len(self._waiting) >= _TOGETHER:
            self._write()

    def hexdigest(self) -> str:
        """The hash, once all promotions have been added."""
        self._write()
        self._digest.update(_bytes(f"]{self._after}}}"))
        return self._digest.hexdigest()

    def _write(self) -> None:
        if self._waiting:
            self._digest.update(self._comma + _bytes(_TEXT(self._waiting)[1:-1]))
            self._comma = b","
            self._waiting.clear()


_TERMS, _PARTICULARS = set(TERMS), set(PARTICULARS)
_TOGETHER = 200
"""So many promotions are written at a time: to begin takes longer than to write one."""


def _content(promotion: PromotionDocument, fields: set[str] | None) -> dict[str, Any]:
    """These fields as JSON data, without what says nothing new; `model_dump` does no more, and takes longer."""
    content: dict[str, Any] = promotion.__pydantic_serializer__.to_python(
        promotion, mode="json", include=fields, exclude_unset=True, exclude_defaults=True, exclude_none=True
    )
    return content


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def content_hash(document: CampaignDocument) -> str:
    """SHA-256 of the canonical document: defaults left out, keys sorted, amounts as shortest text, promotions by
    id. Writing a default out, reordering promotions or keys, or `1.50` for `1.5` changes nothing.
    """
    found = ContentHash(document)
    for promotion in sorted(document.promotions, key=lambda each: each.id):
        found.add(promotion)
    return found.hexdigest()
