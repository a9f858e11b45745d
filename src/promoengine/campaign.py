"""A campaign: a document that has been checked whole, and its plans.

Reading is forgiving in one way only: where one promotion is malformed, the others are still checked, so that one
run reports everything. A campaign with any error is never made.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from promoengine.compile import compile_document
from promoengine.document import CampaignDocument, PromotionDocument
from promoengine.errors import MOST_DIAGNOSTICS, CampaignError, Diagnostic, Place
from promoengine.plan import Plan
from promoengine.presets import extended
from promoengine.reading import Document, DocumentError, read_file, read_json, read_yaml
from promoengine.suggestions import did_you_mean
from promoengine.validation import diagnostics_of, in_document_order, standing_path


class Campaign:
    """A checked campaign. Immutable; made by `load`, `from_yaml`, `from_json` or `from_dict`."""

    __slots__ = ("_document", "_plans")

    def __init__(self, document: CampaignDocument) -> None:
        """Check and compile a document that was validated already. Raises `CampaignError`."""
        if document.extends is not None:
            self._document, self._plans = _sound(*_checked(document.model_dump(mode="json", exclude_unset=True)))
            return
        plans, diagnostics = compile_document(document)
        self._document, self._plans = _sound((document, plans), diagnostics)

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
        campaign = cls.__new__(cls)
        campaign._document, campaign._plans = _sound(checked, diagnostics)
        return campaign

    @property
    def document(self) -> CampaignDocument:
        """What was written, as models, laid over the preset that it extends: nothing of it names that any more."""
        return self._document

    @property
    def plans(self) -> Mapping[str, Plan]:
        """The plan of each currency."""
        return self._plans

    @property
    def content_hash(self) -> str:
        """SHA-256 of what the campaign means; see `compile.hashing`."""
        return self._plans[self._document.currency].content_hash

    def __reduce__(self) -> tuple[Any, ...]:
        """A campaign travels as its document, and is checked and compiled where it arrives."""
        return Campaign.from_dict, (self._document.model_dump(mode="json", exclude_defaults=True, exclude_none=True),)

    def __repr__(self) -> str:
        return f"<Campaign {self._document.campaign!r}: {len(self._document.promotions)} promotions>"


_Checked = tuple[CampaignDocument, dict[str, Plan]]


def _sound(checked: _Checked | None, diagnostics: Iterable[Diagnostic]) -> _Checked:
    """What was checked. Raises `CampaignError` where anything is wrong with it."""
    found = tuple(diagnostics)
    if found or checked is None:
        raise CampaignError(found)
    return checked


def _place(read: Document, diagnostic: Diagnostic) -> Place:
    if diagnostic.code == "unknown_field":
        return read.key_place(diagnostic.place.path)
    return read.place(diagnostic.place.path)


def _checked(data: object) -> tuple[_Checked | None, list[Diagnostic]]:
    """The document, laid over its preset, and its plans, or everything that is wrong: structure first, then what
    lowering finds in the parts whose structure is sound. Places are those of the data as written.
    """
    if not isinstance(data, Mapping):
        return None, [Diagnostic("wrong_shape", "a campaign is a mapping", hint="campaign, currency, timezone ...")]
    wrong: list[Diagnostic] = []
    laid = extended(data)
    if isinstance(laid, Diagnostic):
        wrong.append(laid)
        laid = data
    document = _head({key: value for key, value in laid.items() if key != "promotions"}, wrong)
    promotions = _promotions(data.get("promotions", ()), wrong)
    if document is None or document.extends is not None:  # without its preset nothing can be said of what names stages
        return None, in_document_order(wrong, data)
    whole = document.model_copy(update={"promotions": tuple(promotions.values())})
    plans, diagnostics = compile_document(whole, tuple(promotions))
    wrong += [each.at(Place(standing_path(each.place.path, data))) for each in diagnostics]
    if wrong:
        wrong += _names_beside_broken(whole, data.get("promotions", ()), promotions)
    return (whole, plans), in_document_order(wrong, data)


_ESSENTIAL = frozenset({"extends", "currency", "timezone", "stages", "facts", "groups", "shared_limits"})
"""The fields of the head without which nothing can be said of the promotions."""
_NAMED = frozenset({"stages", "groups", "shared_limits"})
"""Fields that list what promotions name. An entry may be wrong in itself, and is named all the same."""


def _head(head: Mapping[str, Any], wrong: list[Diagnostic]) -> CampaignDocument | None:
    """The document without its promotions; where something that they do not need is wrong, without that."""
    try:
        return CampaignDocument.model_validate(head)
    except ValidationError as error:
        found = diagnostics_of(error, CampaignDocument, head)
    wrong += found
    mended = copy.deepcopy(dict(head))
    for each in found:
        _mend(mended, each)
    try:
        return CampaignDocument.model_validate(mended)
    except ValidationError:
        return None


def _mend(head: dict[str, Any], wrong: Diagnostic) -> None:
    """Take out what is wrong, where promotions can be checked without it."""
    path = wrong.place.path
    if not path:
        return
    field, *inside = path
    if field == "campaign":
        head["campaign"] = "campaign"
    elif field not in _ESSENTIAL:
        head.pop(str(field), None)
    elif field in _NAMED and inside and isinstance(entry := _within_list(head[field], inside[0]), dict):
        if len(inside) > 1 and (inside[1] not in ("name", "covers")):
            entry.pop(inside[1], None)
        if field == "shared_limits":
            entry["uses"] = 1


def _within_list(entries: object, index: str | int) -> object:
    return entries[index] if isinstance(entries, list) and isinstance(index, int) else None


def _names_beside_broken(
    document: CampaignDocument, written: object, sound: Mapping[int, PromotionDocument]
) -> list[Diagnostic]:
    """Ids that stand twice and stages that do not exist, where a malformed promotion kept them from being seen."""
    found: list[Diagnostic] = []
    seen: dict[object, int] = {}
    stages = [stage.name for stage in document.stages]
    for index, each in enumerate(written if isinstance(written, (list, tuple)) else ()):
        if not isinstance(each, Mapping):
            continue
        name, stage = each.get("id"), each.get("stage")
        if isinstance(name, str):
            first = seen.setdefault(name, index)
            if first != index and not (first in sound and index in sound):
                place = Place(("promotions", index, "id"))
                found.append(Diagnostic("duplicate_id", f"the promotion id {name!r} stands here twice", place))
        if isinstance(stage, str) and stage not in stages and index not in sound:
            place = Place(("promotions", index, "stage"))
            hint = did_you_mean(stage, stages)
            found.append(Diagnostic("unknown_stage", f"no stage is called {stage!r}", place, hint))
    return found


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
            wrong += diagnostics_of(error, PromotionDocument, each, ("promotions", index))
            if len(wrong) > MOST_DIAGNOSTICS:
                break
    return found
