"""The totals of the search, against an integer program that shares nothing with it but the page.

Needs OR-tools: the dependency group `ilp`. Where it is not installed these tests are skipped.
"""

import warnings
from datetime import UTC, datetime
from random import Random

import pytest

from promoengine import Campaign, Engine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    cp_model = pytest.importorskip("ortools.sat.python.cp_model")

AT = datetime(2026, 11, 11, 12, tzinfo=UTC)
UNBOUNDED = 10**9


# -- what is generated ------------------------------------------------------------------------------


def campaign(promotions, max_nodes=UNBOUNDED):
    return {
        "campaign": "c",
        "currency": "CNY",
        "timezone": "UTC",
        "stages": [{"name": "deals"}],
        "search": {"max_nodes": max_nodes},
        "promotions": [{"stage": "deals", "priority": 0, **each} for each in promotions],
    }


def cart_of(random, units, dearest_minor):
    """Lines of one to six units, `units` in all, of which some cost the same."""
    lines, left = [], units
    while left:
        quantity = min(left, random.choice([1, 1, 2, 3, 6]))
        left -= quantity
        name = f"L{len(lines):03}"
        price = random.choice([random.randrange(100, dearest_minor), random.randrange(2, dearest_minor // 100) * 100])
        lines.append({"id": name, "sku": name, "quantity": quantity, "unit_price": f"{price / 100:.2f}"})
    return {"currency": "CNY", "lines": lines}


def some_skus(random, cart, share):
    """All skus of the cart, or about so many of them."""
    skus = [line["sku"] for line in cart["lines"]]
    return skus if random.random() < 0.5 else sorted(random.sample(skus, max(1, int(len(skus) * share))))


def set_deal(random, name, cart, largest):
    """A plain set: any N for a price, the cheapest free, the n-th at a percentage, all of a set at a percentage."""
    size = random.randint(2, largest)
    benefit = random.choice(
        [
            {"kind": "set_price", "price": f"{random.randrange(500, 9000) * size / 100:.2f}"},
            {"kind": "percent_off", "percent": 100, "per": "unit", "rewarded": {"cheapest": 1}},
            {"kind": "percent_off", "percent": random.randint(20, 70), "per": "unit", "rewarded": {"nth": size}},
            {"kind": "percent_off", "percent": random.randint(5, 30), "per": "unit"},
            {"kind": "amount_off", "amount": f"{random.randrange(50, 900) / 100:.2f}", "per": "unit"},
        ]
    )
    trigger = {"kind": "set", "quantity": size}
    if random.random() < 0.25:
        trigger["max_times"] = random.randint(1, 4)
    return {"id": name, "items": {"sku": some_skus(random, cart, 0.7)}, "trigger": trigger, "benefit": benefit}


def unit_deal(random, name, cart):
    """So much off each piece, or each piece at a price."""
    benefit = random.choice(
        [
            {"kind": "percent_off", "percent": random.randint(3, 25), "per": "unit"},
            {"kind": "amount_off", "amount": f"{random.randrange(50, 900) / 100:.2f}", "per": "unit"},
            {"kind": "price", "price": f"{random.randrange(1000, 9000) / 100:.2f}"},
        ]
    )
    return {"id": name, "items": {"sku": some_skus(random, cart, 0.4)}, "benefit": benefit}


# -- the integer program ----------------------------------------------------------------------------


def minor(text):
    whole, _, cents = str(text).partition(".")
    return int(whole) * 100 + int((cents + "00")[:2])


def units_in_order(cart):
    """`(price, sku)` of each unit, dearest first, then by line."""
    found = []
    for line in cart["lines"]:
        found += [(minor(line["unit_price"]), line["sku"])] * line["quantity"]
    return sorted(found, key=lambda unit: (-unit[0], unit[1]))


def saved(promotion, price, place):
    """What a unit saves at a place of a set (dearest first), the price of a set aside."""
    benefit = promotion["benefit"]
    size = promotion.get("trigger", {}).get("quantity", 1)
    rewarded = benefit.get("rewarded", {})
    if ("cheapest" in rewarded and place < size - rewarded["cheapest"]) or rewarded.get("nth", place + 1) != place + 1:
        return 0
    if benefit["kind"] == "percent_off":
        return (price * benefit["percent"] + 50) // 100  # half up
    if benefit["kind"] == "amount_off":
        return min(price, minor(benefit["amount"]))
    if benefit["kind"] == "price":
        return max(0, price - minor(benefit["price"]))
    return price


def most_saved(promotions, cart):
    """The most that units given to promotions can save, each of which forms its sets of what it is given, in order.

    For each promotion the fill of its open set is a path over the units: at each unit it is one number, and a unit
    given takes it to the next. A unit is given to one promotion at most. So a set holds units that follow one another
    among those given, dearest first, as the page says.
    """
    model, units = cp_model.CpModel(), units_in_order(cart)
    given = [[] for _ in units]
    gains = []
    for promotion in promotions:
        trigger = promotion.get("trigger", {})
        size, skus = trigger.get("quantity", 1), set(promotion["items"]["sku"])
        costs = minor(promotion["benefit"]["price"]) if promotion["benefit"]["kind"] == "set_price" else 0
        fills = [1, *[0] * (size - 1)]
        filled = []
        for (price, sku), takers in zip(units, given, strict=True):
            if sku not in skus:
                continue
            takes = [model.new_bool_var("") for _ in range(size)]
            takers += takes
            filled.append(takes[-1])
            for place, (fill, take) in enumerate(zip(fills, takes, strict=True)):
                model.add(take <= fill)
                gains.append((saved(promotion, price, place) - (costs if place == size - 1 else 0), take))
            after = [model.new_bool_var("") for _ in range(size)]
            for place in range(size):
                model.add(after[place] == fills[place] - takes[place] + takes[place - 1])
            fills = after
        model.add(fills[0] == 1)  # no set is left half full
        if "max_times" in trigger:
            model.add(sum(filled) <= trigger["max_times"])
    for takers in given:
        model.add_at_most_one(takers)
    model.maximize(sum(gain * take for gain, take in gains))
    return optimum(model)


def heaviest(weights, conflicts):
    """The greatest sum of weights of which no two conflict."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in weights]
    for first, second in conflicts:
        model.add_at_most_one([chosen[first], chosen[second]])
    model.maximize(sum(weight * each for weight, each in zip(weights, chosen, strict=True)))
    return optimum(model)


def optimum(model):
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


def discount_of(promotions, cart):
    """What the engine takes off, proved."""
    quote = Engine(Campaign.from_dict(campaign(promotions))).price(cart, at=AT)
    assert quote.selection.status == "proven"
    listed = sum(minor(line["unit_price"]) * line["quantity"] for line in cart["lines"])
    return listed - quote.total_minor


# -- the tests --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seed", [seed for seed in range(24) if seed != 21]
)  # takes more than a minute, nearly all of it in the program
def test_competing_sets_save_what_the_best_assignment_of_units_saves(seed):
    random = Random(f"sets {seed}")
    deals = random.randint(2, 4)
    cart = cart_of(random, random.randint(20, 100 if deals < 4 else 40), 12000)
    promotions = [set_deal(random, f"p{number}", cart, 3) for number in range(deals)]
    assert most_saved(promotions, cart) == discount_of(promotions, cart)


@pytest.mark.parametrize("seed", range(6))
def test_five_and_six_competing_sets_save_what_the_best_assignment_saves(seed):
    random = Random(f"many sets {seed}")
    cart = cart_of(random, random.randint(20, 30), 12000)
    promotions = [set_deal(random, f"p{number}", cart, 3) for number in range(5 + seed % 2)]
    assert most_saved(promotions, cart) == discount_of(promotions, cart)


@pytest.mark.parametrize("seed", range(16))
def test_sets_beside_unit_wise_deals_save_what_the_best_assignment_of_units_saves(seed):
    random = Random(f"units {seed}")
    cart = cart_of(random, random.randint(20, 80), 12000)
    promotions = [set_deal(random, f"p{number}", cart, 3) for number in range(random.randint(1, 2))]
    promotions += [unit_deal(random, f"u{number}", cart) for number in range(random.randint(1, 3))]
    assert most_saved(promotions, cart) == discount_of(promotions, cart)


@pytest.mark.parametrize("seed", range(20))
def test_mutually_exclusive_amounts_save_what_the_heaviest_independent_set_weighs(seed):
    random = Random(f"spreads {seed}")
    cart = cart_of(random, 60, 12000)
    promotions, weights = [], []
    for number in range(10 + seed):
        amount = random.randrange(100, 3000)
        skus = sorted(random.sample([line["sku"] for line in cart["lines"]], random.randint(1, 6)))
        benefit = {"kind": "amount_off", "amount": f"{amount / 100:.2f}", "per": "once"}
        promotions.append({"id": f"p{number:02}", "items": {"sku": skus}, "benefit": benefit})
        prices = sum(minor(line["unit_price"]) * line["quantity"] for line in cart["lines"] if line["sku"] in skus)
        weights.append(min(amount, prices))
    conflicts = [
        (first, second)
        for second in range(len(promotions))
        for first in range(second)
        if set(promotions[first]["items"]["sku"]) & set(promotions[second]["items"]["sku"])
    ]
    assert heaviest(weights, conflicts) == discount_of(promotions, cart)
