"""Every vector is a case of this library, and comes out as its source says; or it says why not."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from promoengine import Quote
from promoengine.currencies import EXPONENTS

from .cases import HERE, SOURCES, STATUSES, TOPICS, Case, Run, Vector, cases, expressed, vectors
from .figures import DIALECTS, Stated, comparable, differences, figures_of, stated

MOST_NOT_REPRODUCED = 20
DIGESTS = {
    "china": "838d9be4e92dbba96e5e387ffe24cd816697c74b019f7be7bd1a496101539b05",
    "commercial": "80e5a4b21c8b1f979c4b1397b7a9c3ee54268113ecbf761114519be827f18a85",
    "field_reports": "18e87cf9f407dc1032a5585d3ee7f79c5399d504d46c10bf358895a97e126ce4",
}
"""Of the vectors: what others say is copied once, and nobody edits it."""
ALL = [pytest.param(source, case, id=case.id) for source in expressed() for case in cases(source)]


@pytest.mark.parametrize("source", SOURCES)
def test_the_vectors_are_as_they_were_copied(source: str) -> None:
    assert DIGESTS[source] == sha256((HERE / "vectors" / f"{source}.json").read_bytes()).hexdigest()


@pytest.mark.parametrize("source", expressed())
def test_every_vector_is_a_case_exactly_once(source: str) -> None:
    assert sorted(vectors(source)) == sorted(case.id for case in cases(source))


@pytest.mark.parametrize(("source", "case"), ALL)
def test_a_case_says_why_where_it_does_not_pass(source: str, case: Case) -> None:
    assert case.status in STATUSES
    assert bool(case.reason) == (case.status != "passes")
    assert bool(case.waits_for) == (case.status == "waiting")
    assert {*case.waits_for} <= {*TOPICS}
    assert bool(case.field) == (case.status == "missing")
    assert bool(case.differs) == (case.status == "not reproduced")
    assert case.runs


@pytest.mark.parametrize(("source", "case"), ALL)
def test_the_cart_is_that_of_the_vector(source: str, case: Case) -> None:
    vector = vectors(source)[case.id]
    for run in case.runs:
        if () in run.meets:
            assert [] == strays(source, vector, run)


@pytest.mark.parametrize(("source", "case"), ALL)
def test_what_a_case_expects_is_what_comes_or_what_the_source_says(source: str, case: Case) -> None:
    vector = vectors(source)[case.id]
    for run in case.runs:
        expect = {name: value for name, value in run.expect.items() if not restates(vector, name, value)}
        assert expect == run.shown(run.quote(), expect)


@pytest.mark.parametrize(("source", "case"), ALL)
def test_a_case_comes_out_as_its_source_says(source: str, case: Case) -> None:
    faults, unsaid, topics = compared(source, case)
    if case.status == "passes":
        assert ([], [], []) == (faults, unsaid, topics)
        assert any(run.expect for run in case.runs)
    elif case.status == "waiting":
        assert [] == unsaid
        assert topics == sorted(case.waits_for)
        assert [] == faults
    elif case.status == "missing":
        assert faults or unsaid, "it comes out right now: say `passes`"
    else:
        assert sorted(case.differs) == sorted([fault.partition(" is ")[0] for fault in faults] + unsaid)


def test_few_vectors_are_not_reproduced() -> None:
    listed = [case.id for source in expressed() for case in cases(source) if case.status == "not reproduced"]
    assert len(listed) <= MOST_NOT_REPRODUCED


def test_a_bent_figure_is_noticed() -> None:
    """Whatever figure of a passing vector is another, its case does not pass: so the harness looks at every one."""
    for source in expressed():
        for case in cases(source):
            if case.status != "passes":
                continue
            figures = {run.name: _with_other_runs(run, case) for run in case.runs}
            for run, each in stated(source, vectors(source)[case.id], case.runs):
                assert run is not None
                bent = Stated(each.place, each.ours, bend(each.value), each.topic)
                assert differences(figures[run.name], [bent]), f"{case.id}: {'.'.join(each.place)}"


def bend(value: Any) -> Any:
    """Another figure, as near as can be."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, list) or not value:
        return [*(value or ()), "another"]
    try:
        return Decimal(str(value)) + Decimal("0.01")
    except ArithmeticError:
        return f"not {value}"


def compared(source: str, case: Case) -> tuple[list[str], list[str], list[str]]:
    """What differs; what nobody has said how to compare; what later features will bring."""
    figures = {run.name: _with_other_runs(run, case) for run in case.runs}
    faults: list[str] = []
    unsaid: list[str] = []
    topics: set[str] = set()
    for run, each in stated(source, vectors(source)[case.id], case.runs):
        if each.topic:
            topics.add(each.topic)
        elif run is None or not each.ours:
            unsaid.append(".".join(each.place))
        else:
            faults += differences(figures[run.name], [each])
    return faults, unsaid, sorted(topics)


def _with_other_runs(run: Run, case: Case) -> dict[tuple[str, ...], Any]:
    """The figures of a run, and by how much less it costs than each other run of the case: `less_than.RUN`."""
    quote = run.quote()
    figures = figures_of(run, quote)
    for other in case.runs:
        if other is not run and isinstance(quote, Quote) and isinstance(dearer := other.quote(), Quote):
            figures["less_than", other.name] = dearer.format(dearer.total_minor - quote.total_minor)
    return figures


def restates(vector: Vector, name: str, value: Any) -> bool:
    """Whether an expectation repeats a figure of the vector under its own name; then it is compared as that."""
    if name not in vector.expected:
        return False
    return alike(value, vector.expected[name])


def alike(value: Any, other: Any) -> bool:
    """Whether two figures are the same, however their numbers are written."""
    if isinstance(value, dict) and isinstance(other, dict):
        return {*value} == {*other} and all(alike(value[key], other[key]) for key in value)
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(alike(a, b) for a, b in zip(value, other, strict=True))
    return bool(comparable(value) == comparable(other))


def strays(source: str, vector: Vector, run: Run) -> list[str]:
    """Items of the vector that the cart does not hold just so, and lines of the cart that the vector has not. An item
    may be a shipment of the cart; a shipment that is no item is what the case makes of a fee in the vector's text.
    """
    held = {
        line["id"]: (line["quantity"], Decimal(line["unit_price"]), line.get("seller")) for line in run.cart["lines"]
    }
    shipments = {each["id"]: (1, Decimal(each["options"][0]["amount"]), None) for each in run.cart.get("shipments", ())}
    wanted = {}
    for item in vector.items:
        price = Decimal(item["unit_price"])
        if DIALECTS[source].in_minor_units:
            price = price.scaleb(-EXPONENTS.get(vector.currency, 0))
        wanted[item.get("sku") or item["id"]] = (item["qty"], price, item.get("shop"))
    if not wanted:
        return []
    held |= {name: shipment for name, shipment in shipments.items() if name in wanted}
    return [f"{name}: {held.get(name)}" for name in sorted({*held, *wanted}) if held.get(name) != wanted.get(name)]
