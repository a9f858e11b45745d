"""The content hash of a campaign: what two files share that mean the same."""

from __future__ import annotations

import hashlib
import json

from promoengine.document import CampaignDocument, PromotionDocument

_TEXT = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


class ContentHash:
    """The SHA-256 of a campaign whose promotions are added one by one, by id, and need not be there together."""

    def __init__(self, head: CampaignDocument) -> None:
        """`head` is the document; its promotions are left out, and are added."""
        content = head.model_dump(mode="json", exclude_defaults=True, exclude_none=True, exclude={"promotions"})
        texts = {key: f"{_TEXT(key)}:{_TEXT(value)}" for key, value in sorted(content.items())}
        before = "".join([f"{text}," for key, text in texts.items() if key < "promotions"])
        self._after = "".join([f",{text}" for key, text in texts.items() if key > "promotions"])
        self._digest = hashlib.sha256(_bytes(f'{{{before}"promotions":['))
        self._comma = b""

    def add(self, promotion: PromotionDocument) -> None:
        """The next promotion, in the order of ids."""
        dump = promotion.__pydantic_serializer__.to_python  # `model_dump` does no more, and takes a while to ask for it
        content = dump(promotion, mode="json", exclude_unset=True, exclude_defaults=True, exclude_none=True)
        self._digest.update(self._comma + _bytes(_TEXT(content)))
        self._comma = b","

    def hexdigest(self) -> str:
        """The hash, once all promotions have been added."""
        self._digest.update(_bytes(f"]{self._after}}}"))
        return self._digest.hexdigest()


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
