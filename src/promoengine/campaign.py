"""A campaign: a document that has been checked whole, and its plans.

Reading is forgiving in one way only: where one promotion is malformed, the others are still checked, so that one
run reports everything. A campaign with any error is never made.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from promoengine.compile import compile_document
from promoengine.document import CampaignDocument, PromotionDocument
from promoengine.errors import CampaignError, Diagnostic, Place
from promoengine.plan import Plan
from promoengine.reading import Document, DocumentError, read_file, read_json, read_yaml
from promoengine.suggestions import did_you_mean
from promoengine.validation import diagnostics_of


class Campaign:
    """A checked campaign. Immutable; made by `load`, `from_yaml`, `from_json` or `from_dict`."""

    __slots__ = ("_document", "_plans")

    def __init__(self, document: CampaignDocument) -> None:
        """Check and compile a document that was validated already. Raises `CampaignError`."""
        plans, diagnostics = compile_document(document)
        if diagnostics:
            raise CampaignError(diagnostics)
        self._document = document
        self._plans = plans

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Campaign:
        """A campaign from a `.yaml`, `.yml` or `.json` file. Raises `CampaignError` with every diagnostic, each
        with file, line and column.
        """
        try:
            read = read_file(path)
        except DocumentError as error:
            raise CampaignError(error.diagnostics) from None
        return cls._from_read(read)

    @classmethod
    def from_yaml(cls, text: str | bytes) -> Campaign:
        """A campaign from YAML text. Raises `CampaignError`."""
        try:
            return cls._from_read(read_yaml(text))
        except DocumentError as error:
            raise CampaignError(error.diagnostics) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> Campaign:
        """A campaign from JSON text. Raises `CampaignError`."""
        try:
            return cls._from_read(read_json(text))
        except DocumentError as error:
            raise CampaignError(error.diagnostics) from None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Campaign:
        """A campaign from plain data; decimals as text or `Decimal`, never floats. Raises `CampaignError`."""
        document, diagnostics = _checked(data)
        return cls._made(document, diagnostics)

    @classmethod
    def _from_read(cls, read: Document) -> Campaign:
        document, diagnostics = _checked(read.data)
        return cls._made(document, [diagnostic.at(_place(read, diagnostic)) for diagnostic in diagnostics])

    @classmethod
    def _made(cls, checked: _Checked | None, diagnostics: Iterable[Diagnostic]) -> Campaign:
        found = tuple(diagnostics)
        if found or checked is None:
            raise CampaignError(found)
        campaign = cls.__new__(cls)
        campaign._document, campaign._plans = checked
        return campaign

    @property
    def document(self) -> CampaignDocument:
        """What was written, as models."""
        return self._document

    @property
    def plans(self) -> Mapping[str, Plan]:
        """The plan of each currency."""
        return self._plans

    @property
    def content_hash(self) -> str:
        """SHA-256 of what the campaign means; see `compile.hashing`."""
        return self._plans[self._document.currency].content_hash

    def __repr__(self) -> str:
        return f"<Campaign {self._document.campaign!r}: {len(self._document.promotions)} promotions>"


_Checked = tuple[CampaignDocument, dict[str, Plan]]


def _place(read: Document, diagnostic: Diagnostic) -> Place:
    if diagnostic.code == "unknown_field":
        return read.key_place(diagnostic.place.path)
    return read.place(diagnostic.place.path)


def _checked(data: object) -> tuple[_Checked | None, list[Diagnostic]]:
    """The document and its plans, or everything that is wrong: structure first, then what lowering finds in the
    parts whose structure is sound.
    """
    if not isinstance(data, Mapping):
        return None, [Diagnostic("wrong_shape", "a campaign is a mapping", hint="campaign, currency, timezone ...")]
    head = {key: value for key, value in data.items() if key != "promotions"}
    wrong: list[Diagnostic] = []
    document: CampaignDocument | None = None
    try:
        document = CampaignDocument.model_validate(head)
    except ValidationError as error:
        wrong += _with_hints(diagnostics_of(error, head), CampaignDocument)
    promotions = _promotions(data.get("promotions", ()), wrong)
    if document is None:
        return None, wrong
    whole = document.model_copy(update={"promotions": tuple(promotions.values())})
    plans, diagnostics = compile_document(whole, tuple(promotions))
    wrong += diagnostics
    return (whole, plans), wrong


def _promotions(data: object, wrong: list[Diagnostic]) -> dict[int, PromotionDocument]:
    """The promotions that validate, by their place in the list; the rest is reported."""
    if not isinstance(data, (list, tuple)):
        wrong.append(Diagnostic("wrong_shape", "promotions is a list", Place(("promotions",))))
        return {}
    found = {}
    for index, each in enumerate(data):
        try:
            found[index] = PromotionDocument.model_validate(each)
        except ValidationError as error:
            findings = diagnostics_of(error, each, ("promotions", index))
            wrong += _with_hints(findings, PromotionDocument, depth=2)
    return found


def _with_hints(
    diagnostics: list[Diagnostic], model: type[CampaignDocument] | type[PromotionDocument], depth: int = 0
) -> list[Diagnostic]:
    """Unknown fields at the top of a model get a suggestion from its fields."""
    known = [info.alias or name for name, info in model.model_fields.items()]
    return [
        Diagnostic(each.code, each.message, each.place, did_you_mean(str(each.place.path[-1]), known))
        if each.code == "unknown_field" and len(each.place.path) == depth + 1
        else each
        for each in diagnostics
    ]
