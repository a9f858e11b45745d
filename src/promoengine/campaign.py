"""A campaign: a document that has been checked whole, and its plans.

Reading is forgiving in one way only: where one promotion is malformed, the others are still checked, so that one
run reports everything. A campaign with any error is never made.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any
from weakref import ref

from pydantic import ValidationError

from promoengine.compile import compile_document, compile_sound
from promoengine.document import CampaignDocument, PromotionDocument
from promoengine.errors import MOST_DIAGNOSTICS, CampaignError, Diagnostic, Place
from promoengine.plan import Plan
from promoengine.presets import extended
from promoengine.reading import Document, DocumentError, read_file, read_json, read_yaml
from promoengine.suggestions import did_you_mean
from promoengine.validation import diagnostics_of, in_document_order, standing_path


class Campaign:
    """A checked campaign. Immutable; made by `load`, `from_yaml`, `from_json` or `from_dict`."""

    __slots__ = ("_held", "_plans", "_source")

    _plans: Mapping[str, Plan]
    _source: Callable[[], CampaignDocument]
    _held: Callable[[], CampaignDocument | None]

    def __init__(self, document: CampaignDocument) -> None:
        """Check and compile a document that was validated already. Raises `CampaignError`."""
        if document.extends is not None:
            self._take(document.model_dump(mode="json", exclude_unset=True), None)
            return
        plans, diagnostics = compile_document(document)
        self._plans, self._source, self._held = _sound(plans, diagnostics), lambda: document, _nothing

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Campaign:
        """A campaign from a `.yaml`, `.yml` or `.json` file. Raises `CampaignError` with every diagnostic, each
        with file, line and column.
        """
        try:
            read = read_file(path)
        except DocumentError as error:
            raise CampaignError(error.diagnostics) from None
        return cls._made(read.data, read)

    @classmethod
    def from_yaml(cls, text: str | bytes) -> Campaign:
        """A campaign from YAML text. Raises `CampaignError`."""
        try:
            read = read_yaml(text)
        except DocumentError as error:
            raise CampaignError(error.diagnostics) from None
        return cls._made(read.data, read)

    @classmethod
    def from_json(cls, text: str | bytes) -> Campaign:
        """A campaign from JSON text. Raises `CampaignError`."""
        try:
            read = read_json(text)
        except DocumentError as error:
            raise CampaignError(error.diagnostics) from None
        return cls._made(read.data, read)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Campaign:
        """A campaign from plain data; decimals as text or `Decimal`, never floats. Raises `CampaignError`."""
        return cls._made(data, None)

    @classmethod
    def _made(cls, data: object, read: Document | None) -> Campaign:
        campaign = cls.__new__(cls)
        campaign._take(data, read)
        return campaign

    def _take(self, data: object, read: Document | None) -> None:
        """Check and compile plain data, which was read from a text or was not. What was read is used up."""
        plans = _compiled(data, used_up=read is not None)
        if plans is None:  # so something is wrong, or written in a way that it takes longer to see through
            again = read and read.again()
            plans, diagnostics = _compiled_with_care(again.data if again else data)
            plans = _sound(plans, [each.at(_place(again, each)) for each in diagnostics] if again else diagnostics)
        self._plans = plans
        self._source = _source_of(data) if read is None else partial(_document_of, read.again)
        self._held = _nothing

    @property
    def document(self) -> CampaignDocument:
        """What was written, as models, laid over the preset that it extends: nothing of it names that any more.

        A campaign keeps what was written and not the models, which are many times as large. They are made again when
        they are asked for, and are the same while somebody holds them.
        """
        document = self._held()
        if document is None:
            document = self._source()
            self._held = ref(document)
        return document

    @property
    def plans(self) -> Mapping[str, Plan]:
        """The plan of each currency, that of the campaign's own first."""
        return self._plans

    @property
    def content_hash(self) -> str:
        """SHA-256 of what the campaign means; see `compile.hashing`."""
        return self._home.content_hash

    @property
    def _home(self) -> Plan:
        return next(iter(self._plans.values()))

    def __reduce__(self) -> tuple[Any, ...]:
        """A campaign travels as its document, and is checked and compiled where it arrives."""
        return Campaign.from_dict, (self.document.model_dump(mode="json", exclude_defaults=True, exclude_none=True),)

    def __repr__(self) -> str:
        return f"<Campaign {self._home.campaign!r}: {len(self._home.promotions)} promotions>"


def _nothing() -> None:
    """A document that nobody holds."""


def _source_of(data: object) -> Callable[[], CampaignDocument]:
    """Makes the models of sound data again, whatever becomes of the data: from bytes; where somebody's own types cannot
    be written so, the models themselves are kept.
    """
    import pickle  # late: it takes a while to import, and a campaign that is read from a text does not need it

    try:
        return partial(_document_of, partial(pickle.loads, pickle.dumps(data, pickle.HIGHEST_PROTOCOL)))
    except Exception:  # whatever such types raise
        document = _document_of(lambda: data)
        return lambda: document


def _sound(plans: Mapping[str, Plan] | None, diagnostics: Iterable[Diagnostic]) -> Mapping[str, Plan]:
    """What was compiled. Raises `CampaignError` where anything is wrong with it."""
    found = tuple(diagnostics)
    if found or plans is None:
        raise CampaignError(found)
    return plans


def _place(read: Document, diagnostic: Diagnostic) -> Place:
    if diagnostic.code == "unknown_field":
        return read.key_place(diagnostic.place.path)
    return read.place(diagnostic.place.path)


def _compiled(data: object, *, used_up: bool) -> Mapping[str, Plan] | None:
    """The plans of data as written, promotion by promotion; None where anything is wrong. Data that nobody else has is
    used up on the way.
    """
    if not isinstance(data, Mapping):
        return None
    wrong: list[Diagnostic] = []
    head, promotions = _head_of(data, wrong), data.get("promotions", [])
    if head is None or wrong or not isinstance(promotions, (list, tuple)):
        return None
    return compile_sound(head, promotions if used_up and isinstance(promotions, list) else [*promotions])


def _compiled_with_care(data: object) -> tuple[Mapping[str, Plan] | None, list[Diagnostic]]:
    """The plans of data as written, or everything that is wrong: structure first, then what lowering finds in the parts
    whose structure is sound. Places are those of the data.
    """
    if not isinstance(data, Mapping):
        return None, [Diagnostic("wrong_shape", "a campaign is a mapping", hint="campaign, currency, timezone ...")]
    wrong: list[Diagnostic] = []
    head = _head_of(data, wrong)
    promotions = _promotions(data.get("promotions", ()), wrong)
    if head is None or head.extends is not None:  # without its preset nothing can be said of what names stages
        return None, in_document_order(wrong, data)
    whole = _with_promotions(head, promotions.values())
    plans, diagnostics = compile_document(whole, tuple(promotions))
    wrong += [each.at(Place(standing_path(each.place.path, data))) for each in diagnostics]
    if wrong:
        wrong += _names_beside_broken(whole, data.get("promotions", ()), promotions)
    return plans, in_document_order(wrong, data)


def _document_of(written: Callable[[], Any]) -> CampaignDocument:
    """The models of a campaign that is sound."""
    found, wrong = written(), list[Diagnostic]()
    data: Any = found.data if isinstance(found, Document) else found
    head = _head_of(data, wrong)
    assert head is not None
    return _with_promotions(head, _promotions(data.get("promotions", ()), wrong).values())


def _with_promotions(head: CampaignDocument, promotions: Iterable[PromotionDocument]) -> CampaignDocument:
    return head.model_copy(update={"promotions": tuple(promotions)})


def _head_of(data: Mapping[str, Any], wrong: list[Diagnostic]) -> CampaignDocument | None:
    """The document laid over its preset, without promotions."""
    laid = extended(data)
    if isinstance(laid, Diagnostic):
        wrong.append(laid)
        laid = data
    return _head({key: value for key, value in laid.items() if key != "promotions"}, wrong)


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
