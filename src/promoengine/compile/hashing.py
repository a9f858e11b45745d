"""The content hash of a campaign: what two files share that mean the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from promoengine.document import CampaignDocument, PromotionDocument
from promoengine.document.repeated import TERMS, Written, whole

_TEXT = json.JSONEncoder(check_circular=False, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


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

    def add(self, written: Written) -> None:
        """The next promotion, in the order of ids."""
        if written.particulars is written.terms:
            content = _content(written.terms)
            if written.wording is not None:
                self._terms[written.wording] = {key: content[key] for key in TERMS.intersection(content)}
        else:
            assert written.wording is not None
            content = {**self._terms[written.wording], **_content(written.particulars)}
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


_TOGETHER = 200
"""So many promotions are written at a time: to begin takes longer than to write one."""


def _content(promotion: PromotionDocument) -> dict[str, Any]:
    """The promotion as JSON data, without what says nothing new; `model_dump` does no more, and takes longer."""
    content: dict[str, Any] = promotion.__pydantic_serializer__.to_python(
        promotion, mode="json", exclude_unset=True, exclude_defaults=True, exclude_none=True
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
        found.add(whole(promotion))
    return found.hexdigest()
