"""Laws that every quote obeys, for a shop's own campaign in its own tests.

    from promoengine import Campaign, Engine
    from promoengine.testing import laws

    test_our_campaign = laws.suite(Engine(Campaign.load("campaign.yaml")))

Each law is a function of an engine, a cart and a moment that raises `LawBroken`, with all that it takes to see it
again. The numbers are those of the list of laws in `docs/semantics.md`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings

from promoengine.errors import CartRefused
from promoengine.intake import read_cart
from promoengine.pricing import Engine, Outcomes
from promoengine.quote import Quote
from promoengine.testing.laws_figures import figure_faults
from promoengine.testing.laws_limits import limit_faults, unit_faults
from promoengine.testing.laws_outcomes import outcome_faults
from promoengine.testing.laws_sums import sum_faults
from promoengine.testing.laws_variants import (
    Json,
    campaign_document,
    cart_document,
    codes_only_if_better,
    engine_with_bystanders,
    engine_with_coupons,
    goes_by_lines,
    merged_cart,
    names_a_line,
    reordered_carts,
    reordered_engines,
    split_cart,
    with_gifts,
    without_code,
)
from promoengine.testing.strategies import carts_for, moments_for

Law = Callable[[Engine, Any, datetime], None]
LONGEST_SHOWN = 20_000
"""A longer campaign is named in a message, not shown."""


class LawBroken(AssertionError):
    """A law does not hold: `law` says which, `what` how. The message holds the campaign, the cart and the moment."""

    def __init__(self, law: str, what: str, engine: Engine, cart: Json, at: datetime) -> None:
        self.law, self.what, self.cart, self.at = law, what, cart, at
        self.campaign = campaign_document(engine)
        shown = json.dumps(self.campaign, ensure_ascii=False)
        if len(shown) > LONGEST_SHOWN:
            shown = f"{self.campaign['campaign']} {engine.campaign.content_hash}"
        cart_text = json.dumps(cart, ensure_ascii=False)
        super().__init__(f"{law}: {what}\n  campaign: {shown}\n  cart: {cart_text}\n  at: {at.isoformat()}")


# -- asking -------------------------------------------------------------------------------------


def _quote(engine: Engine, cart: object, at: datetime, outcomes: Outcomes = "all") -> Quote | CartRefused:
    try:
        return engine.price(cart, at=at, outcomes=outcomes)  # type: ignore[arg-type]
    except CartRefused as refused:
        return refused


def _answer(quote: Quote | CartRefused) -> Json:
    """A quote, or the refusal of the cart, as plain data."""
    if isinstance(quote, Quote):
        return quote.to_dict()
    return {"refused": [[each.code, each.message] for each in quote.diagnostics]}


def differences(expected: object, found: object, place: str = "") -> Iterator[str]:
    """Where two answers differ, as text."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            yield from differences(expected.get(key), found.get(key), f"{place}.{key}".lstrip("."))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for position, pair in enumerate(zip(expected, found, strict=True)):
            yield from differences(*pair, f"{place}[{position}]")
    elif expected != found:
        yield f"{place}: {expected!r} became {found!r}"


def _same(expected: Json, found: Json) -> str:
    """What differs, shortened; empty where nothing does."""
    return "; ".join(list(differences(expected, found))[:5])


def _hold(law: str, faults: Iterable[str], engine: Engine, cart: Json, at: datetime) -> None:
    """Raise the first fault."""
    for fault in faults:
        if fault:
            raise LawBroken(law, fault, engine, cart, at)


# -- the laws -----------------------------------------------------------------------------------


def adds_up(engine: Engine, cart: object, at: datetime) -> None:
    """Law 1: adjustments, promotion amounts, and list less payable are the same sum; every unit costs between
    nothing and its list price; all are whole minor units.
    """
    document = cart_document(cart)
    quote = _quote(engine, cart, at)
    if isinstance(quote, Quote):
        quote.verify()
        _hold("law 1 (it adds up)", sum_faults(quote), engine, document, at)


def ignores_order(engine: Engine, cart: object, at: datetime) -> None:
    """Law 2: the order of lines, promotions, codes and mapping keys changes nothing; the order of lines does where
    odd minor units go to the first or last of them, or to each in turn.
    """
    document = cart_document(cart)
    expected = _answer(_quote(engine, document, at))
    lines_too = not names_a_line(engine.campaign.plans[document["currency"]])
    carts = [document, *reordered_carts(document, lines_too=lines_too)]
    for other in reordered_engines(engine):
        for each in carts:
            _hold("law 2 (order)", [_same(expected, _answer(_quote(other, each, at)))], engine, document, at)


def ignores_line_splits(engine: Engine, cart: object, at: datetime) -> None:
    """Law 3: splitting a line, or merging equal ones, changes no total and no promotion's amount, where nothing goes
    by lines (see `goes_by_lines`) and the combination is proved. The parts stand where the line stood in the order
    of ids.
    """
    document = cart_document(cart)
    quote = _quote(engine, document, at)
    source = engine.campaign.plans[document["currency"]]
    if not isinstance(quote, Quote) or goes_by_lines(source, quote) or quote.selection.status != "proven":
        return
    for other in (split_cart(document), merged_cart(document)):
        found = _quote(engine, other, at)
        if not isinstance(found, Quote):
            _hold("law 3 (lines)", [f"refused as {other['lines']}: {found}"], engine, document, at)
        elif not goes_by_lines(source, found) and found.selection.status == "proven":
            fault = _same(_sums(quote), _sums(found))
            _hold("law 3 (lines)", [fault and f"{fault}, as {other['lines']}"], engine, document, at)


def _sums(quote: Quote) -> Json:
    """What does not speak of lines."""
    answer = quote.to_dict()
    return {
        **{name: value for name, value in answer.items() if name.endswith("_total") or name in ("gifts", "total")},
        "grants": [{**grant, "lines": {}} for grant in answer["grants"]],
        "promotions": {
            each.id: [each.amount_minor, each.times, each.unused_minor, each.points_redeemed]
            for each in quote.promotions.values()
        },
    }


def ignores_own_gifts(engine: Engine, cart: object, at: datetime) -> None:
    """Law 4: pricing the cart together with the quote's own gifts, so marked, gives the same quote."""
    document = cart_document(cart)
    quote = _quote(engine, document, at)
    if isinstance(quote, Quote):
        again = _answer(_quote(engine, with_gifts(document, quote), at))
        _hold("law 4 (own gifts)", [_same(quote.to_dict(), again)], engine, document, at)


def ignores_bystanders(engine: Engine, cart: object, at: datetime) -> None:
    """Law 5: a promotion that matches nothing changes no byte but its own outcome and the content hash, where the
    combination is proved.
    """
    document = cart_document(cart)
    other, added = engine_with_bystanders(engine)
    quotes = [_quote(engine, document, at), _quote(other, document, at)]
    if any(isinstance(quote, Quote) and quote.selection.status != "proven" for quote in quotes):
        return
    expected, found = [_answer(quote) for quote in quotes]
    for answer in (expected, found):
        answer.pop("content_hash", None)
    found_outcomes = found.get("outcomes", {})
    for name in added:
        found_outcomes.pop(name, None)
    _hold("law 5 (bystanders)", [_same(expected, found)], engine, document, at)


def coupons_never_cost(engine: Engine, cart: object, at: datetime) -> None:
    """Law 7: entering a code of an `if_better` promotion, or adding an `if_better` promotion, never raises what is to
    be paid before added tax, where the combinations are proved. A code may still have the cart refused, by its limits;
    and one with `refuse_for` has other choices refused, which may be better ones.
    """
    document = cart_document(cart)
    quote = _quote(engine, document, at)
    if not isinstance(quote, Quote) or quote.selection.status != "proven":
        return
    more, added = engine_with_coupons(engine), "with coupons in every stage"
    pairs: list[tuple[str, Quote | CartRefused, Quote | CartRefused]] = [(added, quote, _quote(more, document, at))]
    for code in codes_only_if_better(engine.campaign.plans[quote.currency], quote):
        pairs.append((f"with the code {code}", _quote(engine, without_code(document, code), at), quote))
    for what, before, after in pairs:
        if all(isinstance(each, Quote) and each.selection.status == "proven" for each in (before, after)):
            raised = _payable(after) - _payable(before)
            _hold("law 7 (coupons)", [f"{what} it costs {raised} more"] if raised > 0 else [], engine, document, at)


def _payable(quote: Quote | CartRefused) -> int:
    """What is to be paid before added tax, in minor units."""
    assert isinstance(quote, Quote)
    return quote.total_minor - (0 if quote.tax_included else quote.tax_total_minor)


def holds_until_valid_until(engine: Engine, cart: object, at: datetime) -> None:
    """Law 8: the quote is constant from its moment until `valid_until`."""
    document = cart_document(cart)
    quote = _quote(engine, document, at)
    if not isinstance(quote, Quote):
        return
    until = quote.valid_until
    if until is not None and until <= at:
        raise LawBroken("law 8 (valid until)", f"valid until {until}, which is over", engine, document, at)
    expected = {**_answer(quote), "at": ""}
    for moment in _moments_within(at, until):
        fault = _same(expected, {**_answer(_quote(engine, document, moment)), "at": ""})
        _hold("law 8 (valid until)", [fault and f"at {moment.isoformat()} {fault}"], engine, document, at)


_STEPS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 30 * 24, 366 * 24))
_MICROSECOND = timedelta(microseconds=1)


def _moments_within(at: datetime, until: datetime | None) -> list[datetime]:
    """Moments from `at` until just before `until`, both ends among them."""
    at = at.astimezone(UTC)
    moments = [at + _MICROSECOND, *(at + step for step in _STEPS)]
    if until is not None:
        moments += [at + (until - at) / 2, until - _MICROSECOND]
    return [moment for moment in moments if until is None or at < moment < until]


# -- what the other sections say ----------------------------------------------------------------


def repeats(engine: Engine, cart: object, at: datetime) -> None:
    """Pricing again gives the same bytes, from the cart as given and as a model; asking for all outcomes adds
    outcomes and savings, and changes nothing else.
    """
    document = cart_document(cart)
    answers = [
        _answer(_quote(engine, each, at)) for each in (cart, document, read_cart(document), json.dumps(document))
    ]
    for again in answers[1:]:
        _hold("determinism", [_same(answers[0], again)], engine, document, at)
    plain = _answer(_quote(engine, document, at, "found"))
    for answer in (plain, answers[0]):
        answer.pop("valid_until", None)  # what is shown in addition may change earlier
    asked = answers[0].pop("outcomes", {})
    for name, outcome in plain.pop("outcomes", {}).items():
        expected = asked[name] if outcome["would_save"] is not None else {**asked[name], "would_save": None}
        _hold("determinism", [_same(outcome, expected)], engine, document, at)
    _hold("determinism", [_same(plain, answers[0])], engine, document, at)


def keeps_limits(engine: Engine, cart: object, at: datetime) -> None:
    """Section 7: no limit, stock, budget, points balance or code gives more than what is left of it."""
    document = cart_document(cart)
    quote = _quote(engine, document, at)
    if isinstance(quote, Quote):
        source = engine.campaign.plans[quote.currency]
        _hold("limits", limit_faults(source, read_cart(document), quote), engine, document, at)


def claims_units_once(engine: Engine, cart: object, at: datetime) -> None:
    """Section 4: in a stage that does not stack, a unit is lowered by one promotion; and by one benefit once."""
    document = cart_document(cart)
    quote = _quote(engine, document, at)
    if isinstance(quote, Quote):
        source = engine.campaign.plans[quote.currency]
        _hold("claims", unit_faults(source, quote), engine, document, at)


def gives_stated_figures(engine: Engine, cart: object, at: datetime) -> None:
    """Section 3: prices, amounts and percentages of plain benefits are what the campaign says, to the minor unit."""
    document = cart_document(cart)
    quote = _quote(engine, document, at)
    if isinstance(quote, Quote):
        source = engine.campaign.plans[quote.currency]
        _hold("figures", figure_faults(source, quote), engine, document, at)


def explains_itself(engine: Engine, cart: object, at: datetime) -> None:
    """Section 6: whoever applied gave something, whoever did not has a reason with its numbers, and codes agree."""
    document = cart_document(cart)
    quote = _quote(engine, document, at)
    if isinstance(quote, Quote):
        _hold("outcomes", outcome_faults(quote), engine, document, at)


ALL: tuple[Law, ...] = (
    adds_up,
    ignores_order,
    ignores_line_splits,
    ignores_own_gifts,
    ignores_bystanders,
    coupons_never_cost,
    holds_until_valid_until,
    repeats,
    keeps_limits,
    claims_units_once,
    gives_stated_figures,
    explains_itself,
)
"""Every law, in the order in which `check_all` asks them."""


def check_all(engine: Engine, cart: object, at: datetime) -> None:
    """Every law for one cart at one moment. Raises `LawBroken` for the first that does not hold."""
    for law in ALL:
        law(engine, cart, at)


def suite(engine: Engine, *, max_examples: int = 100, laws: Iterable[Law] = ALL) -> Callable[[], None]:
    """A test of the laws over carts and moments that meet the edges of this engine's campaign.

    `test_our_campaign = laws.suite(engine)` in a test module is all that pytest needs.
    """
    asked = tuple(laws)

    @settings(max_examples=max_examples, deadline=None)
    @given(cart=carts_for(engine), at=moments_for(engine))
    def test_laws(cart: Json, at: datetime) -> None:
        for law in asked:
            law(engine, cart, at)

    return test_laws
