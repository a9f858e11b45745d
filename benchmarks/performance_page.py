"""The page docs/performance.md, made of its template and of what was measured; it measures nothing itself.

A figure that is not there is said to be not measured, and a target that is missed is said to be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import Any

from benchmarks.against_floor import TARGETS

Found = dict[str, Any]
Row = tuple[str, str, str, str]

TEMPLATE = Path(__file__).with_name("performance.template.md")
NOT_MEASURED = "not measured"
WAYS = {
    "total": "a `Cart` in, the total of its `Quote` out",
    "read": "a `Cart` in, a `Quote` out, every field of it read",
    "outcomes": 'the same with `outcomes="all"`, every field read',
    "text": "JSON text in, JSON text out",
    "fast": "JSON text in, JSON text out, with the extra `fast`",
}
SEARCHES = {5: 0.15, 10: 0.6, 15: 3.0, 20: 20.0}
"""Milliseconds at the median, by the number of promotions in conflict."""
COMPILED_TARGET = 1.2
"""At most so many times the floor, for 20 lines and a compiled engine."""
FAMILIES = ("spreads", "coupons", "mixed")
CELLS = {
    "lines-1": "1 line, 11 promotions",
    "lines-5": "5 lines",
    "lines-20": "20 lines",
    "lines-100": "100 lines",
    "lines-1000": "1,000 lines",
    "pieces-60": "30 lines, 60 pieces",
    "pieces-600": "600 pieces",
    "pieces-6000": "6,000 pieces",
    "promotions-11": "20 lines, 11 promotions",
    "promotions-100": "100 promotions, of which 64 are not for this cart",
    "promotions-1000": "1,000",
    "promotions-10000": "10,000",
    "promotions-100000": "100,000",
    "out-of-reach-1000": "11, and 1,000 for the whole shop whose threshold is out of reach",
    "for-others-1000": "11, and 1,000 for the whole shop that ask for another segment of customers",
    "matching-50": "20 lines, 50 promotions, all of which apply",
    "codes-600000": "20 lines, 11 promotions and 600,000 single-use codes, three of them entered",
}


def page(measured: Found, peers: Found | None, compiled: Found | None, instructions: Found | None) -> str:
    """The whole page."""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        reached=_reached(measured, peers, compiled),
        machine=_machine(measured),
        floor=_against_floor(measured),
        grid=_grid(measured),
        conflicts=_conflicts(measured),
        start=_start(measured),
        instructions=_instructions(instructions),
        peers=_peers(peers),
        compiled=_compiled_engine(compiled),
        sizes=_sizes(measured),
    )


# -- what was to be reached -------------------------------------------------------------------------


def _reached(measured: Found, peers: Found | None, compiled: Found | None) -> str:
    rows = [*_floor_targets(measured), *_grid_targets(measured), *_search_targets(measured), *_start_targets(measured)]
    rows += [*_compiled_targets(compiled), *_peer_targets(peers)]
    missed = sum(row[3] == "**missed**" for row in rows)
    lost = sum(row[3] == NOT_MEASURED for row in rows)
    said = f"Of {len(rows)} targets **{missed} are missed**" if missed else f"Of {len(rows)} targets none is missed"
    said += f"; not measured: {lost}." if lost else "."
    return f"{said}\n\n{_table(['work', 'to reach', 'measured', ''], rows)}"


def _verdict(figure: float | None, most: float) -> str:
    if figure is None:
        return NOT_MEASURED
    return "reached" if figure <= most else "**missed**"


def _row(work: str, figure: float | None, most: float, form: str) -> Row:
    told = NOT_MEASURED if figure is None else form.format(figure)
    return work, f"≤ {form.format(most)}", told, _verdict(figure, most)


def _floor_targets(measured: Found) -> Iterable[Row]:
    found = {(each["way"], each["lines"]): each["ratio"] for each in _figures(measured, "floor", [])}
    for (way, lines), most in TARGETS.items():
        work = f"{_lines(lines)}, 11 promotions: {WAYS[way]}"
        yield _row(work, found.get((way, lines)), most, "{:.2f} × the floor")


def _grid_targets(measured: Found) -> Iterable[Row]:
    cells = _cells(measured)

    def quotient(one: str, other: str) -> float | None:
        return cells[one]["floors"] / cells[other]["floors"] if one in cells and other in cells else None

    yield _row(
        "20 lines: 100,000 promotions that do not match, against 100",
        quotient("promotions-100000", "promotions-100"),
        1.3,
        "{:.2f} ×",
    )
    yield _row(
        "1,000 rules for the whole shop, thresholds out of reach, against the 11 alone",
        quotient("out-of-reach-1000", "promotions-11"),
        3.0,
        "{:.2f} ×",
    )
    yield _row("20 lines, 50 promotions that match: 99th percentile", _ms(cells, "matching-50"), 1.0, "{:.2f} ms")
    hundred, thousand = (cells.get(f"lines-{lines}") for lines in (100, 1_000))
    by_line = thousand["median_us"] / hundred["median_us"] / 10 if hundred and thousand else None
    yield _row("1,000 lines: one line, against one of 100 (linear)", by_line, 1.2, "{:.2f} ×")
    yield _row(
        "30 lines: 6,000 pieces, against 600 (independent of pieces)",
        quotient("pieces-6000", "pieces-600"),
        1.25,
        "{:.2f} ×",
    )


def _ms(cells: dict[str, Found], name: str) -> float | None:
    return cells[name]["p99_us"] / 1000 if name in cells else None


def _search_targets(measured: Found) -> Iterable[Row]:
    cells = _cells(measured)
    for number, most in SEARCHES.items():
        for family in ("spreads", "coupons"):
            cell = cells.get(f"conflicts-{family}-{number}")
            figure = None if cell is None else cell["median_us"] / 1000
            yield _row(f"20 lines, {number} {family} in conflict: the whole quote, median", figure, most, "{:.2f} ms")


def _start_targets(measured: Found) -> Iterable[Row]:
    found = _figures(measured, "start", {})
    compiled: Found = next((each for each in found.get("compile", []) if each["promotions"] == 100_000), {})
    seconds = compiled["load_seconds"] + compiled["bind_seconds"] if "load_seconds" in compiled else None
    yield _row("compile 100,000 promotions", seconds, 3, "{:.1f} s")
    yield _row("what they hold over their text", compiled.get("held_mb"), 150, "{:.0f} MB")
    yield _row("`import promoengine`", found.get("import_ms", {}).get("promoengine"), 120, "{:.0f} ms")


def _compiled_targets(compiled: Found | None) -> Iterable[Row]:
    found = {each["way"]: each["compiled"] for each in _of_twenty(compiled)}
    for way in ("total", "read"):
        work = f"compiled by mypyc, 20 lines, 11 promotions: {WAYS[way]}"
        yield _row(work, found.get(way), COMPILED_TARGET, "{:.2f} × the floor")


def _of_twenty(compiled: Found | None) -> Iterable[Found]:
    return [each for each in compiled["figures"] if each["lines"] == 20] if compiled else []


def _peer_targets(peers: Found | None) -> Iterable[Row]:
    for each in [] if peers is None else peers["pairs"]:
        if each["target"]:
            times = each["ratio"][JUDGED]
            verdict = "reached" if times >= each["target"] else "**missed**"
            yield f"faster than {_other(each)}, 20 lines", f"≥ {each['target']} ×", f"{times:.2f} ×", verdict


# -- the sections -----------------------------------------------------------------------------------


def _machine(measured: Found) -> str:
    parts = {part: title for part, title in TITLES.items() if part in measured}
    machines = {_described(measured[part]["machine"]): None for part in parts}
    lines = [f"{machine}.\n" for machine in machines] or [f"{NOT_MEASURED.capitalize()}."]
    for part, title in parts.items():
        lines.append(f"- {title}: {_when(measured[part])}")
    return "\n".join(lines)


TITLES = {"floor": "against the floor", "grid": "the grid and the conflicts", "start": "start and size"}


def _described(machine: Found) -> str:
    kind = "virtual, " if machine["virtual"] else ""
    built = "" if machine["optimized_build"] else ", built without `--enable-optimizations`, so slower than usual"
    return (
        f"{machine['processor']}, {kind}{machine['cores']} cores; {machine['system']}; {machine['python']}{built};"
        f" pydantic {machine['pydantic']}"
    )


def _against_floor(measured: Found) -> str:
    rows = []
    for each in _figures(measured, "floor", []):
        most = TARGETS.get((each["way"], each["lines"]))
        figures = f"{each['lines']:,}", _us(each["floor_us"]), _us(each["engine_us"]), f"{each['ratio']:.2f}"
        rows.append((WAYS[each["way"]], *figures, "" if most is None else f"≤ {most}"))
    return _table(["what", "lines", "floor", "engine", "ratio", "to reach"], rows)


def _grid(measured: Found) -> str:
    cells = {each["name"]: each for each in _figures(measured, "grid", [])}
    rows = [_cell(CELLS[name], cells[name]) for name in CELLS if name in cells]
    return _table(["work", "median", "99th percentile", "in floors", "total alone"], rows)


def _cell(title: str, cell: Found) -> Sequence[str]:
    if "skipped" in cell:
        return title, cell["skipped"], "", "", ""
    star = " *" if cell["same_work"] else ""
    figures = _us(cell["median_us"]), _us(cell["p99_us"]), f"{cell['floors']:.1f}{star}", _us(cell["total_us"])
    return title, *figures


def _conflicts(measured: Found) -> str:
    cells = {each["name"]: each for each in _figures(measured, "grid", [])}
    rows: list[Sequence[str]] = []
    for family in FAMILIES:
        for number, most in SEARCHES.items():
            cell = cells.get(f"conflicts-{family}-{number}", {"skipped": NOT_MEASURED})
            if "skipped" in cell:
                rows.append((family, str(number), cell["skipped"], "", f"≤ {most}", "", ""))
                continue
            proven = cell["statuses"].get("proven", 0)
            carts = sum(cell["statuses"].values())
            figures = f"{cell['median_us'] / 1000:.2f}", f"{cell['p99_us'] / 1000:.2f}"
            total = f"{cell['total_us'] / 1000:.2f}"
            rows.append((family, str(number), *figures, f"≤ {most}", total, f"{proven} of {carts}"))
    return _table(["promotions", "number", "median", "99th percentile", "to reach", "total alone", "proved"], rows)


STARTS = {
    "one_model": "`import pydantic` and one model of one field: the least that a library pays which has models",
    "first_quote": "`import promoengine`, the floor's campaign loaded, a first cart of 5 lines priced and written",
}


def _start(measured: Found) -> str:
    found = _figures(measured, "start", {})
    imports, border, wheel = found.get("import_ms", {}), found.get("border", {}), found.get("wheel", {})
    rows: list[Sequence[str]] = [
        (f"`import {name}`, CPU time in a new process", f"{figure:.0f} ms") for name, figure in imports.items()
    ]
    rows += [(STARTS[name], f"{figure:.0f} ms") for name, figure in found.get("start_ms", {}).items()]
    for each in found.get("compile", []):
        rows.append((f"{each['promotions']:,} promotions, from JSON text to an engine", _compiled(each)))
    if border:
        rows += [
            ("a `Cart` of 20 lines from plain data", f"{_us(border['from_data_us'])} µs"),
            ("the same from JSON text", f"{_us(border['from_text_us'])} µs"),
            ("`json.loads` of that text alone", f"{_us(border['json_loads_us'])} µs"),
        ]
    if "wheel_bytes" in wheel:
        sizes = (
            f"{wheel['wheel_bytes'] / 1000:.0f} kB; {wheel['unpacked_bytes'] / 1000:.0f} kB in {wheel['files']} files"
        )
        rows.append(("the wheel, and what is in it", sizes))
    elif wheel:
        rows.append(("the wheel", f"{NOT_MEASURED}: {wheel['skipped']}"))
    return _table(["what", ""], rows)


def _compiled(each: Found) -> str:
    if "skipped" in each:
        return str(each["skipped"])
    seconds = each["load_seconds"] + each["bind_seconds"]
    first, second = each["first_price_us"], each["second_price_us"]
    return (
        f"{seconds:.2f} s; {each['held_mb']:.0f} MB held over {each['text_mb']:.1f} MB of text;"
        f" the first cart of 20 lines {_us(first)} µs, the second time {_us(second)} µs"
    )


def _instructions(found: Found | None) -> str:
    if found is None:
        return f"{NOT_MEASURED.capitalize()}."
    rows = [(name.replace("-", " "), f"{count:,}") for name, count in found["counts"].items()]
    return f"On Python {found['build']}:\n\n{_table(['cart', 'instructions'], rows)}"


OURS = {
    "whole_of_cart": "a `Cart`, whole quote",
    "whole": "plain data, whole quote",
    "totals_of_cart": "a `Cart`, totals",
}
JUDGED = "whole_of_cart"
"""The way of ours by which a target is judged: as on the rest of the page."""


def _peers(found: Found | None) -> str:
    if found is None:
        return f"{NOT_MEASURED.capitalize()}."
    where = f"{found['processor']}, {found['cores']} cores, Python {found['python']}, Node.js {found['node']}"
    headings = ["other", "promotions", "its µs", *OURS.values(), "to reach"]
    table = _table(headings, [_pair(each) for each in found["pairs"]])
    return f"{where}; {found['when']}, commit {found['commit']}.\n\n{table}"


def _pair(each: Found) -> Sequence[str]:
    times, took = each["ratio"], each["cpu_us"]
    promotions = each["promotions"]
    count = promotions if isinstance(promotions, int) else len(promotions)
    return (
        _other(each),
        f"{count:,}",
        _us(took["peer"]["median"]),
        *(f"{_us(took[way]['median'])} ({times[way]:.2f} ×)" for way in OURS),
        f"≥ {each['target']} ×" if each["target"] else "",
    )


def _other(each: Found) -> str:
    return f"{each['name']} ({each['peer']} {each['version']})"


def _compiled_engine(found: Found | None) -> str:
    if found is None:
        return f"{NOT_MEASURED.capitalize()}."
    rows = [
        (WAYS[each["way"]], f"{each['lines']:,}", f"{each['pure']:.2f}", f"{each['compiled']:.2f}")
        for each in found["figures"]
    ]
    table = _table(["what", "lines", "pure", "compiled"], rows)
    return f"{_when(found)}.\n\n{table}"


def _sizes(measured: Found) -> str:
    border = _figures(measured, "start", {}).get("border")
    if not border:
        return ""
    return (
        f"For one cart of 20 lines the floor writes {border['floor_bytes']:,} bytes of JSON, and the engine"
        f" {border['quote_bytes']:,}."
    )


# -- small things -----------------------------------------------------------------------------------


def _when(about: Found) -> str:
    """The day, the commit, and how busy the machine was."""
    loads = about["load"]
    return f"{about['day']}, commit {about['commit']}, load of the machine {min(loads):.1f} to {max(loads):.1f}"


def _figures(measured: Found, part: str, otherwise: Any) -> Any:
    return measured[part]["figures"] if part in measured else otherwise


def _cells(measured: Found) -> dict[str, Found]:
    """The cells that have figures."""
    return {each["name"]: each for each in _figures(measured, "grid", []) if "skipped" not in each}


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number:,} lines"


def _us(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.1f}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines)
