"""What is here: the vectors (other people's figures) and the cases (what this library is asked)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from promoengine import Campaign, Engine, Quote
from promoengine.errors import DiagnosticsError
from promoengine.reading import read_file
from promoengine.testing.cases import AT, CAMPAIGN, SHOWN, cart_of

HERE = Path(__file__).parent
SOURCES = tuple(sorted(path.stem for path in (HERE / "vectors").glob("*.json")))
STATUSES = ("passes", "waiting", "missing", "not reproduced")
TOPICS = ("lint", "refunds", "nudges", "ledger")
"""What a case may wait for."""
OF_RUN = frozenset({"campaign", "cart", "at", "outcomes", "expect", "meets", "figures"})
OF_CASE = OF_RUN | {"id", "source", "status", "reason", "waits_for", "field", "differs", "runs"}
Path_ = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One pricing. `meets`: the parts of the vector's figures that it stands for; `()` is all that no run names.

    `figures` says which of ours a figure of the vector is, where the source's table does not; several are added up.
    """

    name: str
    campaign: dict[str, Any]
    cart: dict[str, Any]
    at: str
    outcomes: Any
    expect: dict[str, Any]
    meets: tuple[Path_, ...]
    figures: dict[Path_, tuple[Path_, ...]]

    def quote(self) -> Quote | list[str]:
        """The verified quote, or the codes with which the cart is refused."""
        engine = Engine(Campaign.from_dict(self.campaign))
        try:
            quote = engine.price(self.cart, at=datetime.fromisoformat(self.at), outcomes=self.outcomes)
        except DiagnosticsError as refusal:
            return [each.code for each in refusal.diagnostics]
        quote.verify()
        return quote

    def shown(self, quote: Quote | list[str], names: Iterable[str]) -> dict[str, Any]:
        """What came of the figures named, as case files show them; of an unknown name, that it is unknown."""
        if isinstance(quote, list):
            return {"error": quote[0] if len(quote) == 1 else quote}
        return {name: SHOWN[name](quote) if name in SHOWN else f"no figure is called {name}" for name in names}


@dataclass(frozen=True, slots=True)
class Case:
    """One vector, as a campaign, a cart and what becomes of them.

    `waits_for` are topics, of a case that is waiting; `field` is what the language lacks, of one that is missing;
    `differs` are the figures that are not those of the source, of one that is not reproduced.
    """

    id: str
    status: str
    reason: str
    source: str
    waits_for: tuple[str, ...]
    field: str
    differs: tuple[str, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Vector:
    """What one source says."""

    id: str
    currency: str
    items: list[dict[str, Any]]
    expected: dict[str, Any]


@cache
def vectors(source: str) -> dict[str, Vector]:
    """The vectors of a source by id. Raises `ValueError` where an id stands twice."""
    data: Any = read_file(HERE / "vectors" / f"{source}.json").data
    found: dict[str, Vector] = {}
    for each in data["vectors"]:
        if each["id"] in found:
            raise ValueError(f"{source}: {each['id']} stands here twice")
        found[each["id"]] = Vector(each["id"], each["currency"], each["items"], each["expected"])
    return found


@cache
def cases(source: str) -> tuple[Case, ...]:
    """The cases of a source, by file; none where it has no folder yet."""
    return tuple(case for path in sorted((HERE / source).glob("*.yaml")) for case in _cases(path))


def expressed() -> tuple[str, ...]:
    """The sources that are expressed so far."""
    return tuple(source for source in SOURCES if cases(source))


def _cases(path: Path) -> Iterator[Case]:
    """A file holds one case or a list of them."""
    data: Any = read_file(path).data
    for written in data if isinstance(data, list) else [data]:
        where = f"{path}: {written.get('id')}"
        if unknown := {*written} - OF_CASE:
            raise ValueError(f"{where} says {sorted(unknown)}")
        waits_for = written.get("waits_for", ())
        yield Case(
            written["id"],
            written["status"],
            written.get("reason", ""),
            written["source"],
            (waits_for,) if isinstance(waits_for, str) else tuple(waits_for),
            written.get("field", ""),
            tuple(written.get("differs", ())),
            tuple(_runs(where, written)),
        )


def _runs(where: str, written: dict[str, Any]) -> Iterator[Run]:
    if "campaign" not in written:
        return
    whole = {key: value for key, value in written.items() if key in OF_RUN}
    for each in written.get("runs", [{"name": ""}]):
        own = {key: value for key, value in each.items() if key != "name"}
        if unknown := {*own} - OF_RUN:
            raise ValueError(f"{where} has a run that says {sorted(unknown)}")
        # What a run expects, meets and maps is its own: nothing is laid over anything there.
        laid = {key: overlaid(whole.get(key, {}), own[key]) for key in ("campaign", "cart") if key in own}
        yield _run(each["name"], {**whole, **own, **laid})


def _run(name: str, whole: dict[str, Any]) -> Run:
    campaign = {**CAMPAIGN, **whole["campaign"]}
    meets = whole.get("meets", [""])
    return Run(
        name,
        campaign,
        cart_of(whole["cart"], campaign["currency"]),
        whole.get("at", AT),
        whole.get("outcomes", "found"),
        whole.get("expect", {}),
        tuple(path_of(text) for text in ([meets] if isinstance(meets, str) else meets)),
        {
            path_of(text): tuple(path_of(each) for each in ([named] if isinstance(named, str) else named))
            for text, named in whole.get("figures", {}).items()
        },
    )


def path_of(text: str) -> Path_:
    """A dotted path: `by_mode.volume`; the empty text is the root."""
    return tuple(text.split(".")) if text else ()


def overlaid(below: Any, above: Any) -> Any:
    """`above` laid over `below`: mappings key by key, lists of named parts by their `id` or `name`, `null` takes away,
    all else replaces.
    """
    if isinstance(below, dict) and isinstance(above, dict):
        found = {**below}
        for key, value in above.items():
            if value is None:
                found.pop(key, None)
            else:
                found[key] = overlaid(below[key], value) if key in below else value
        return found
    if isinstance(below, list) and isinstance(above, list):
        name = next((key for key in ("id", "name") if _all_named([*below, *above], key)), None)
        if name is not None:
            by_name = {each[name]: each for each in below}
            for each in above:
                by_name[each[name]] = overlaid(by_name.get(each[name], {}), each)
            return list(by_name.values())
    return above


def _all_named(parts: list[Any], key: str) -> bool:
    return bool(parts) and all(isinstance(each, dict) and key in each for each in parts)
