"""The content hash of a campaign: what two files share that mean the same."""

from __future__ import annotations

import hashlib
import json

from promoengine.document import CampaignDocument


def content_hash(document: CampaignDocument) -> str:
    """SHA-256 of the canonical document: defaults left out, keys sorted, amounts as shortest text, promotions by
    id. Writing a default out, reordering promotions or keys, or `1.50` for `1.5` changes nothing.
    """
    content = document.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    content["promotions"] = sorted(content.get("promotions", ()), key=lambda promotion: promotion["id"])
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
