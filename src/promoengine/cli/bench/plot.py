"""Cost against cart size, as SVG: a dot for each cart, and a line through the medians. No more than text is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from xml.sax.saxutils import escape

from promoengine.cli.bench.figures import medians_by_size

WIDTH, HEIGHT = 860, 520
LEFT, RIGHT, TOP, BOTTOM = 84, 28, 76, 64
FEW_DOTS, MOST_DOTS = 500, 3_000
LONGEST_NAME = 36
SPREAD = 30
"""Where the greatest time is more than so many times the least, the axis of times is logarithmic."""
INK, FAINT, GRID, DOT, LINE = "#1f2933", "#66727f", "#e4e7eb", "#2f80b5", "#d1495b"
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to pixels, and which values are marked."""

    low: float
    high: float
    start: float
    end: float
    marks: tuple[float, ...]
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Where a value stands."""
        low, high, at = (log10(each) if self.logarithmic else each for each in (self.low, self.high, value))
        return self.start + (self.end - self.start) * (at - low) / (high - low)


def plot(name: str, times: Sequence[tuple[int, int]]) -> str:
    """The plot of a campaign, from the number of lines and the nanoseconds of each cart. `times` is not empty."""
    points = [(float(size), time / 1_000) for size, time in times]
    medians = [(size, time / 1_000) for size, time in medians_by_size(times)]
    across = linear_axis(0, max(1.0, *(size for size, _ in points)), LEFT, WIDTH - RIGHT, whole=True)
    up = _axis_of_times([time for _, time in points])
    parts = [*_head(name, len(points)), *_grid(across, up), *_dots(points, across, up), *_medians(medians, across, up)]
    body = "\n".join([*parts, *_legend()])
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" role="img">\n{body}\n</svg>\n'


# -- axes -----------------------------------------------------------------------------------------


def _axis_of_times(times: list[float]) -> Axis:
    low, high = max(min(times), 0.1), max(*times, 0.2)
    if high / low > SPREAD:
        return logarithmic_axis(low, high, HEIGHT - BOTTOM, TOP)
    return linear_axis(0, high, HEIGHT - BOTTOM, TOP)


def linear_axis(low: float, high: float, start: float, end: float, *, whole: bool = False) -> Axis:
    """An axis from `low` to the round number from `high` on; its marks are whole numbers where asked for."""
    step = _round_step((high - low) / 6)
    if whole:
        step = max(step, 1.0)
    count = ceil((high - low) / step) or 1
    marks = tuple(low + step * number for number in range(count + 1))
    return Axis(low, marks[-1], start, end, marks)


def _round_step(least: float) -> float:
    """The least of 1, 2 and 5 times a power of ten that is not below."""
    power = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def logarithmic_axis(low: float, high: float, start: float, end: float) -> Axis:
    """An axis between powers of ten, or their doubles and fives; these are its marks."""
    every = [factor * 10.0**power for power in range(floor(log10(low)), ceil(log10(high)) + 1) for factor in (1, 2, 5)]
    first = max(mark for mark in every if mark <= low * (1 + 1e-9))
    last = min(mark for mark in every if mark >= high * (1 - 1e-9))
    return Axis(first, last, start, end, tuple(mark for mark in every if first <= mark <= last), True)


# -- what is drawn --------------------------------------------------------------------------------


def _head(name: str, carts: int) -> Iterator[str]:
    shown = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    drawn = f" ({MOST_DOTS:,} are drawn)" if carts > MOST_DOTS else ""
    yield f"<title>{escape(name)}: cost by cart size</title>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    yield _text(LEFT, 34, f"{shown}: cost by cart size", size=17, weight="600")
    what = f"{carts:,} {'cart' if carts == 1 else 'carts'}{drawn}"
    yield _text(LEFT, 56, f"{what}, CPU time on one core, the median of each cart's passes", fill=FAINT)


def _grid(across: Axis, up: Axis) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for mark in up.marks:
        y = up.place(mark)
        yield _line(LEFT, y, right, y, GRID)
        yield _text(LEFT - 10, y + 4, _label(mark), anchor="end", fill=FAINT)
    for mark in across.marks:
        x = across.place(mark)
        yield _line(x, bottom, x, bottom + 5, FAINT)
        yield _text(x, bottom + 20, _label(mark), anchor="middle", fill=FAINT)
    yield _line(LEFT, bottom, right, bottom, FAINT)
    yield _text((LEFT + right) / 2, HEIGHT - 16, "lines of the cart", anchor="middle")
    middle = (TOP + bottom) / 2
    scale = "µs (logarithmic)" if up.logarithmic else "µs"
    turned = f'transform="rotate(-90 22 {middle:g})"'
    yield _text(22, middle, f"CPU time, {scale}", anchor="middle", more=turned)


def _dots(points: list[Point], across: Axis, up: Axis) -> Iterator[str]:
    yield f'<g fill="{DOT}" fill-opacity="{0.45 if len(points) <= FEW_DOTS else 0.2}">'
    for size, time in _some(sorted(points)):
        yield f'<circle cx="{across.place(size):.1f}" cy="{up.place(max(time, up.low)):.1f}" r="2.6"/>'
    yield "</g>"


def _some(points: list[Point]) -> list[Point]:
    """As many points as a plot can show, evenly from all, and the dearest among them."""
    if len(points) <= MOST_DOTS:
        return points
    spread = [points[index * len(points) // MOST_DOTS] for index in range(MOST_DOTS)]
    return [*spread, max(points, key=lambda point: point[1])]


def _medians(medians: list[Point], across: Axis, up: Axis) -> Iterator[str]:
    places = [(across.place(size), up.place(max(time, up.low))) for size, time in medians]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linejoin="round"/>'
    for x, y in places:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{LINE}" stroke="#ffffff"/>'


def _legend() -> Iterator[str]:
    x = WIDTH - RIGHT - 130
    for y, text, colour in ((30, "a cart", DOT), (52, "median of a size", LINE)):
        yield f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>'
        yield _text(x + 12, y + 4, text)


def _label(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:g}"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:g}" y1="{y1:.1f}" x2="{x2:g}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    fill: str = INK,
    size: int = 13,
    weight: str = "400",
    more: str = "",
) -> str:
    style = f'text-anchor="{anchor}" fill="{fill}" font-size="{size}" font-weight="{weight}"'
    return f'<text x="{x:g}" y="{y:.1f}" {style} {more}>{escape(text)}</text>'.replace(" >", ">")
