"""`promoengine bench`: what it measures, what it shows, and how it ends."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from promoengine import Engine
from promoengine.cli.bench.cores import Job, WorkerFailed, measure_on
from promoengine.cli.bench.figures import medians_by_size, on_cores, percentile, slowest_of
from promoengine.cli.bench.measure import Samples
from promoengine.cli.bench.plot import MOST_DOTS, plot
from promoengine.cli.bench.promotions import MOST_CARTS, sample_of
from promoengine.cli.bench.report import micros
from promoengine.cli.carts import carts_between
from promoengine.cli.desk import open_desk

ROOT = Path(__file__).resolve().parents[2]
AT = "2026-11-10T20:30:00+08:00"
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
Run = Callable[..., Any]


def cart_of(lines: int, name: str = "", currency: str = "CNY") -> str:
    goods = [
        {"id": str(number), "sku": "TEA", "quantity": 2, "unit_price": "30.00", "categories": ["tea"]}
        for number in range(lines)
    ]
    return json.dumps({"id": name or f"{lines} lines", "currency": currency, "lines": goods})


def carts_of(shop: Any, *carts: str) -> str:
    return shop.write("carts.jsonl", "\n".join(carts))


def bench(run: Run, shop: Any, carts: str, *options: str) -> Any:
    """What is measured, as plain data."""
    ran = run("bench", shop.campaign, carts, "--at", AT, "--json", *options)
    assert 0 == ran.code, ran.err
    return json.loads(ran.out)


# -- figures --------------------------------------------------------------------------------------


def test_one_core_and_all_are_measured_each_by_its_own_clock(shop: Any, run: Run) -> None:
    found = bench(run, shop, carts_of(shop, *(cart_of(number % 5 + 1) for number in range(20))), "--cores", "2")
    assert (1, 2) == (found["one_core"]["cores"], found["all_cores"]["cores"])
    for speed in (found[cores][clock] for cores in ("one_core", "all_cores") for clock in ("cpu", "wall")):
        assert 0 < speed["p50_us"] <= speed["p99_us"] <= speed["slowest_us"]
        assert speed["carts_per_second"] > 0
    assert (20, 0, 3) == (found["carts"], found["refused"], found["passes"])


def test_with_one_core_no_other_process_is_started(shop: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promoengine.cli.commands.bench.measure_on", None)
    found = bench(run, shop, carts_of(shop, cart_of(1)), "--cores", "1")
    assert found["one_core"] == found["all_cores"]


def test_the_peak_is_divided_by_what_was_measured(shop: Any, run: Run) -> None:
    found = bench(run, shop, carts_of(shop, cart_of(1)), "--cores", "1", "--peak", "1000000")
    for name, clock in (("cores", "cpu"), ("machines", "wall")):
        rate = found["one_core"][clock]["carts_per_second"]
        assert ceil(1_000_000 / (rate + 0.1)) <= found["peak"][name] <= ceil(1_000_000 / (rate - 0.1))
    assert 583_000 == bench(run, shop, carts_of(shop, cart_of(1)), "--cores", "1")["peak"]["orders_per_second"]


def test_the_slowest_carts_are_named_by_line_and_id(shop: Any, run: Run) -> None:
    carts = carts_of(shop, cart_of(1), "", f'{{"order": 7, "cart": {cart_of(200, "the large one")}}}', cart_of(2))
    slowest = bench(run, shop, carts, "--cores", "1", "--slowest", "2")["slowest_carts"]
    assert (3, "the large one", 200) == (slowest[0]["line"], slowest[0]["id"], slowest[0]["lines"])
    assert 2 == len(slowest)
    assert slowest[0]["cpu_us"] > slowest[1]["cpu_us"]


def test_a_promotion_of_every_line_adds_more_than_one_of_a_single_line(shop: Any, run: Run) -> None:
    campaign = """
    campaign: much-and-little
    currency: CNY
    timezone: UTC
    promotions:
      - {id: much, stage: item, items: {category: tea}, benefit: {kind: percent_off, percent: 10}}
      - {id: little, stage: item, items: {sku: CUP}, benefit: {kind: percent_off, percent: 10}}
      - {id: coded, stage: item, codes: NEVER, benefit: {kind: percent_off, percent: 10}}
    """
    cart = json.loads(cart_of(400))
    cart["lines"].append({"id": "cup", "sku": "CUP", "quantity": 1, "unit_price": "9.00"})
    carts = carts_of(shop, json.dumps(cart), json.dumps(cart))
    ran = run("bench", shop.write("much.yaml", campaign), carts, "--at", AT, "--json", "--cores", "1")
    found = json.loads(ran.out)["promotion_costs"]
    assert ["much", "little"] == [each["promotion"] for each in found["added"]]  # the code of the third was not entered
    much, little = found["added"]
    assert (2, 2, []) == (found["sample"], much["found_in"], found["not_measured"])
    assert much["on_average_us"] == much["where_found_us"] > little["on_average_us"]
    assert much["to_slowest_us"] > 0


def test_a_promotion_that_another_names_is_said_not_to_be_measured(shop: Any, run: Run) -> None:
    campaign = """
    campaign: named
    currency: CNY
    timezone: UTC
    promotions:
      - {id: flash, stage: item, benefit: {kind: percent_off, percent: 10, max_units: 1}}
      - id: later
        stage: order
        items: {not: {rewarded_by: {promotions: [flash]}}}
        benefit: {kind: percent_off, percent: 5}
    """
    named, carts = shop.write("named.yaml", campaign), carts_of(shop, cart_of(3))
    ran = run("bench", named, carts, "--json", "--cores", "1")
    found = json.loads(ran.out)["promotion_costs"]
    assert "Not measured: flash." in run("bench", named, carts, "--cores", "1").out
    assert (["later"], ["flash"]) == ([each["promotion"] for each in found["added"]], found["not_measured"])


# -- what is shown --------------------------------------------------------------------------------


def test_the_report_has_the_figures_for_people(shop: Any, run: Run) -> None:
    carts = carts_of(shop, cart_of(1), cart_of(3, "three"), cart_of(1, "dollars", "USD"))
    ran = run("bench", shop.campaign, carts, "--at", AT, "--cores", "2", "--peak", "1000")
    assert 1 == ran.code
    assert f"corner-shop, 4 promotions; 2 carts of {carts}, 1 refused" in ran.out
    assert f"priced 3 times each at {AT}, where" in ran.out
    for words in (
        "one core, CPU time",
        "2 cores, by the clock",
        "three",
        "tenth",
        "on average",
        "less than that is noise",
    ):
        assert words in ran.out
    assert re.search(r"1,000 / [\d,]+ = \d+ cores", ran.out)
    assert re.search(r"1,000 / [\d,]+ = \d+ machines as this one, of 2 cores", ran.out)


def test_without_a_moment_the_report_says_that_it_is_now(shop: Any, run: Run) -> None:
    assert ", the time now, where" in run("bench", shop.campaign, carts_of(shop, cart_of(1)), "--cores", "1").out


def test_of_one_core_the_figures_stand_once(shop: Any, run: Run) -> None:
    assert 1 == run("bench", shop.campaign, carts_of(shop, cart_of(1)), "--cores", "1").out.count("by the clock")


@pytest.mark.parametrize(("nanoseconds", "text"), [(999, "1.0 µs"), (99_940, "99.9 µs"), (1_234_567, "1,235 µs")])
def test_a_time_has_as_many_digits_as_it_bears(nanoseconds: int, text: str) -> None:
    assert text == micros(nanoseconds)


def test_the_command_of_the_page_runs_as_it_stands(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (command,) = re.findall(r"^promoengine bench (examples.*)$", PAGE, re.MULTILINE)
    monkeypatch.chdir(ROOT)
    arguments = [str(tmp_path / "cost.svg") if each == "cost.svg" else each for each in command.split()]
    ran = run("bench", *arguments, "--passes", "1")
    assert 0 == ran.code
    assert "complete-journey-2017, 158 promotions; 302 carts" in ran.out
    assert (tmp_path / "cost.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_the_carts_of_double_11_can_be_measured(shop: Any, run: Run) -> None:
    files = sorted((ROOT / "examples" / "double-11" / "carts").glob("*.json"))
    carts = carts_of(shop, *(json.dumps(json.loads(file.read_text(encoding="utf-8"))) for file in files))
    ran = run("bench", str(ROOT / "examples/double-11/campaign.yaml"), carts, "--at", AT, "--json", "--cores", "1")
    found = json.loads(ran.out)
    assert (0, 16, 0, 37) == (ran.code, found["carts"], found["refused"], found["promotions"])
    assert ["kettle-flash"] == found["promotion_costs"]["not_measured"]  # the platform's coupon names it
    measured = {each["promotion"] for each in found["promotion_costs"]["added"]}
    assert "unionpay-30" in measured  # what carts say of its limits is left out with it


# -- the plot -------------------------------------------------------------------------------------


def circles(svg: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(".//{http://www.w3.org/2000/svg}circle")


def test_the_plot_has_a_dot_for_each_cart_and_for_each_median(shop: Any, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cost.svg"
    bench(run, shop, carts_of(shop, cart_of(1), cart_of(1), cart_of(7)), "--cores", "1", "--svg", str(file))
    of_the_legend = 2
    assert 3 + 2 + of_the_legend == len(circles(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("times", "scale"),
    [
        pytest.param([(0, 900)], "µs", id="one empty cart"),
        pytest.param([(20, 14_000), (20, 15_000)], "µs", id="all of one size"),
        pytest.param([(1, 9_000), (10_000, 90_000_000)], "µs (logarithmic)", id="far apart"),
        pytest.param([(each % 40, 10_000 + each) for each in range(2 * MOST_DOTS)], "µs", id="more than can be drawn"),
    ],
)
def test_whatever_is_drawn_stands_inside_the_picture(times: list[tuple[int, int]], scale: str) -> None:
    svg = plot("A <campaign> & more", times)
    assert f">CPU time, {scale}</text>" in svg
    assert len(circles(svg)) <= MOST_DOTS + 30
    for circle in circles(svg):
        assert 84 <= float(circle.attrib["cx"]) <= 832
        assert 20 <= float(circle.attrib["cy"]) <= 456


def test_a_file_that_is_read_is_not_drawn_over(shop: Any, run: Run) -> None:
    carts = carts_of(shop, cart_of(1))
    for file in (carts, shop.campaign):
        ran = run("bench", shop.campaign, carts, "--svg", file)
        assert (2, "") == (ran.code, ran.out)
        assert "is read too" in ran.err


def test_a_plot_that_cannot_be_written_is_said_before_anything_is_measured(shop: Any, run: Run, tmp_path: Path) -> None:
    ran = run("bench", shop.campaign, carts_of(shop, cart_of(1)), "--svg", str(tmp_path / "nowhere" / "cost.svg"))
    assert (3, "") == (ran.code, ran.out)
    assert "pricing" not in ran.err


# -- what goes wrong ------------------------------------------------------------------------------


def test_a_refused_cart_is_said_with_its_place_and_the_others_are_measured(shop: Any, run: Run) -> None:
    carts = carts_of(shop, cart_of(1), cart_of(1, currency="USD"), "{", cart_of(2))
    ran = run("bench", shop.campaign, carts, "--at", AT, "--json", "--cores", "2")
    found = json.loads(ran.out)
    assert (1, 2, 2) == (ran.code, found["carts"], found["refused"])
    assert f"{carts}:2:" in ran.err
    assert f"{carts}:3:" in ran.err
    assert "wrong_currency" in ran.err


def test_of_many_refused_carts_only_the_first_are_said(shop: Any, run: Run) -> None:
    carts = carts_of(shop, cart_of(1), *[cart_of(1, currency="USD")] * 14)
    ran = run("bench", shop.campaign, carts, "--cores", "1")
    assert (1, 10) == (ran.code, ran.err.count("wrong_currency"))
    assert "4 more carts were refused" in ran.err


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_without_carts_is_wrong_use(shop: Any, run: Run, text: str) -> None:
    ran = run("bench", shop.campaign, shop.write("empty.jsonl", text))
    assert (2, "") == (ran.code, ran.out)
    assert "holds no cart" in ran.err


@pytest.mark.parametrize("carts", ["-", "."])
def test_what_cannot_be_read_several_times_is_wrong_use(shop: Any, run: Run, carts: str) -> None:
    ran = run("bench", shop.campaign, carts)
    assert (2, "") == (ran.code, ran.out)
    assert "must be in a file" in ran.err


def test_where_no_cart_can_be_priced_nothing_is_measured(shop: Any, run: Run) -> None:
    ran = run("bench", shop.campaign, carts_of(shop, cart_of(1, currency="USD")))
    assert (1, "") == (ran.code, ran.out)
    assert "no cart could be priced" in ran.err
    ran = run("bench", shop.campaign, "nowhere.jsonl")
    assert (1, "") == (ran.code, ran.out)
    assert "file_not_found" in ran.err


@pytest.mark.parametrize(
    "options", [["--passes", "0"], ["--cores", "0"], ["--peak", "0"], ["--at", "2026-11-10T20:30"]]
)
def test_wrong_options_are_wrong_use(shop: Any, run: Run, options: list[str]) -> None:
    ran = run("bench", shop.campaign, carts_of(shop, cart_of(1)), *options)
    assert (2, "") == (ran.code, ran.out)


def test_a_defect_concerns_its_cart_alone(shop: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    price = Engine.price

    def broken(engine: Engine, cart: Any, **rest: Any) -> Any:
        if cart["id"] == "broken":
            raise ZeroDivisionError("by accident")
        return price(engine, cart, **rest)

    monkeypatch.setattr(Engine, "price", broken)
    ran = run("bench", shop.campaign, carts_of(shop, cart_of(1), cart_of(1, "broken")), "--json", "--cores", "1")
    assert (5, 1, 1) == (ran.code, json.loads(ran.out)["carts"], json.loads(ran.out)["refused"])
    assert "carts.jsonl:2:1: error[defect]" in ran.err


def test_a_process_that_cannot_begin_says_why(shop: Any) -> None:
    desk = open_desk(shop.campaign, AT, "found")
    job = Job("nowhere.yaml", carts_of(shop, cart_of(1)), desk.at, 1)
    with pytest.raises(WorkerFailed, match="there is no such file"):
        measure_on(2, job)


# -- the parts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_each_line_is_in_exactly_one_part_of_a_file(tmp_path: Path, end: str) -> None:
    texts = ['{"a": 1}', "", '{"bb": 22}', "{}", '{"c": "' + "x" * 50 + '"}']
    file = tmp_path / "carts.jsonl"
    file.write_bytes((end or "\n").join(texts).encode() + end.encode())
    size = file.stat().st_size
    whole = [json.loads(text) for text in texts if text]
    for cuts in range(1, size + 1):
        bounds = [size * number // cuts for number in range(cuts + 1)]
        parts = [*pairwise(bounds)]
        assert whole == [text.read().data for part in parts for text in carts_between(str(file), *part)]


def test_percentiles_are_times_that_were_measured() -> None:
    ordered = [*range(1, 201)]
    assert (1, 100, 198, 200) == tuple(percentile(ordered, percent) for percent in (0, 50, 99, 100))
    assert 7 == percentile([7], 99)


def samples_of(*times: list[int]) -> Samples:
    found = Samples(passes=3)
    for place, each in enumerate(times, 1):
        found.places.append(place)
        found.sizes.append(place)
        found.cpu.extend(each)
        found.wall.extend(2 * time for time in each)
    return found


def test_a_cart_counts_by_the_median_of_its_passes() -> None:
    samples = samples_of([5, 90, 6], [8, 7, 9], [1, 1, 1])
    assert [6, 8, 1] == samples.of_each()
    assert [1, 0] == slowest_of(samples.of_each(), 2)


def test_the_rates_of_cores_are_added_up() -> None:
    found = on_cores([samples_of([1000] * 3), samples_of([500] * 3), Samples(passes=3)])
    assert (3, 3e6, 1.5e6) == (found.cores, found.cpu.carts_per_second, found.wall.carts_per_second)
    assert (500, 1000, 1000) == (found.cpu.p50, found.cpu.p99, found.cpu.slowest)


def test_medians_are_those_of_a_size_or_of_neighbouring_sizes() -> None:
    points = [(1, 10), (1, 20), (1, 60), (2, 30), (9, 40), (500, 50)]
    assert [(1, 20), (2, 30), (9, 40), (500, 50)] == medians_by_size(points)
    assert [(1, 25), (254.5, 45)] == medians_by_size(points, most=2)


def test_a_sample_is_spread_evenly() -> None:
    assert [3, 5, 8] == sample_of([3, 5, 8])
    found = sample_of(range(10 * MOST_CARTS))
    assert (MOST_CARTS, 0, 10, 990) == (len(found), found[0], found[1], found[-1])
