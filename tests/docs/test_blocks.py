"""What the pages show is run: Python, campaigns, carts, quotes, and what a cart is said to cost.

The words after the language in a fence say what a block is; `docs/README.md` lists them for writers. A block that is
marked as none of these is not tested, so the words are checked too.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, CampaignError, Engine
from promoengine.document import CampaignDocument, PromotionDocument
from promoengine.intake import read_cart
from promoengine.reading import read_json, read_yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCES = {
    "python", "python continued", "python tests", "text output",
    "yaml", "yaml fragment", "yaml wrong",
    "json", "json quote",
    "sh", "text",
}  # fmt: skip
BLOCK = re.compile(r"^```(?P<words>[^\n`]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
COST = re.compile(r"\bcosts?\s+\*\*(?P<total>[0-9.]+)\*\*")
MOMENT = re.compile(r"[Pp]riced\s+at `(?P<moment>[0-9T:+-]+)`")
CAMPAIGN = re.compile(r"under `(?P<file>examples/[\w/.-]+)`")
LEAST: dict[str, Any] = {"campaign": "page", "currency": "EUR", "timezone": "Europe/Berlin"}
"""What a fragment is completed with where its page has no whole campaign above it."""
ANY_BENEFIT = {"kind": "percent_off", "percent": "10"}


@dataclass(frozen=True)
class Piece:
    """A fenced block of a page, or (`words` is "costs") what its prose says that the cart above costs."""

    page: Path
    line: int
    words: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def pieces_of(page: Path) -> list[Piece]:
    """The blocks and the costs of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    end = 0
    for match in BLOCK.finditer(text):
        found += costs_between(page, text, end, match.start())
        found.append(Piece(page, line_of(text, match.start()), match["words"].strip(), match["text"]))
        end = match.end()
    return found + costs_between(page, text, end, len(text))


def costs_between(page: Path, text: str, start: int, end: int) -> list[Piece]:
    found = COST.finditer(text, start, end)
    return [Piece(page, line_of(text, each.start()), "costs", each["total"]) for each in found]


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


PIECES = {page: pieces_of(page) for page in PAGES}
EVERY = [piece for page in PAGES for piece in PIECES[page]]


def marked(*words: str) -> pytest.MarkDecorator:
    """Every piece of these words, as parameters of a test."""
    return pytest.mark.parametrize("piece", [piece for piece in EVERY if piece.words in words], ids=str)


def above(piece: Piece) -> list[Piece]:
    """The pieces of its page before a piece."""
    return PIECES[piece.page][: PIECES[piece.page].index(piece)]


def test_every_fence_says_what_it_is() -> None:
    assert [] == [f"{each}: {each.words!r}" for each in EVERY if each.words not in {*FENCES, "costs"}]


def test_the_map_explains_every_fence() -> None:
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [] == [words for words in sorted(FENCES) if f"```` ```{words} ````" not in text]


# -- python -------------------------------------------------------------------------------------


def program(piece: Piece) -> str:
    """A block, with those above it that it continues."""
    parts = [piece.text]
    for before in reversed([each for each in above(piece) if each.words.startswith("python")]):
        if piece.words != "python continued":
            break
        parts.insert(0, before.text)
        piece = before
    return "\n".join(parts)


@marked("python tests")
def test_the_tests_that_a_page_shows_pass(piece: Piece, tmp_path: Path) -> None:
    """As a reader's own pytest would run them; `CI` makes Hypothesis patient and its examples the same each time."""
    file = tmp_path / "test_page.py"
    file.write_text(piece.text, encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
    ran = subprocess.run(command, cwd=ROOT, env={**clean, "CI": "true"}, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    (passed,) = re.findall(r"^(\d+) passed in", ran.stdout, re.MULTILINE)
    assert int(passed) >= len(re.findall(r"^(?:def )?test_\w+", piece.text, re.MULTILINE)) > 0


def printed(piece: Piece) -> str:
    """What a Python block prints, run from the root of the repository; without what the blocks above it print."""
    marker = "---- the block ----"
    head, tail = program(piece).removesuffix(piece.text), piece.text
    code = f"{head}\nprint({marker!r})\n{tail}"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert (0, "") == (ran.returncode, ran.stderr)
    return ran.stdout.partition(f"{marker}\n")[2]


@marked("python", "python continued")
def test_python_runs_and_prints_what_the_page_says(piece: Piece) -> None:
    after = PIECES[piece.page][len(above(piece)) + 1 :]
    output = printed(piece)
    if after and after[0].words == "text output":
        assert after[0].text == output


@marked("text output")
def test_an_output_follows_what_prints_it(piece: Piece) -> None:
    before = above(piece)[-1].words
    assert before.startswith("python") or before.endswith("wrong")


# -- campaigns ----------------------------------------------------------------------------------


def campaign_at(piece: Piece) -> Any:
    """The campaign as data, with this block and the fragments above it."""
    whole: Any = {**LEAST, "promotions": []}
    for each in (*above(piece), piece):
        if each.words == "yaml":
            whole = read_yaml(each.text).data
        elif each.words == "yaml fragment":
            kept = completed(whole, read_yaml(each.text).data)
            if each is piece or lasts(each):
                whole = kept
    return whole


def lasts(fragment: Piece) -> bool:
    """Promotions with an id and fields of the campaign stay for what follows; bare fields of a promotion do not."""
    data: Any = read_yaml(fragment.text).data
    return isinstance(data, list) or "id" in data or bool(CampaignDocument.model_fields.keys() & data.keys())


def completed(whole: dict[str, Any], fragment: Any) -> dict[str, Any]:
    """A campaign with a fragment in its place.

    A list is promotions, and a mapping with an id is one: they replace those with the same id and join the others.
    Other mappings are fields of the campaign, or of a promotion that is made up around them.
    """
    promotions = list(whole.get("promotions", ()))
    if isinstance(fragment, dict) and "id" not in fragment and CampaignDocument.model_fields.keys() & fragment.keys():
        return {**whole, **fragment, "promotions": fragment.get("promotions", promotions)}
    if isinstance(fragment, dict) and "id" not in fragment:
        assert set(fragment) <= {info.alias or name for name, info in PromotionDocument.model_fields.items()}
        given = {} if "tiers" in fragment else {"benefit": ANY_BENEFIT}
        fragment = {"id": "made-up", "stage": "item", **given, **fragment}
    for each in fragment if isinstance(fragment, list) else [fragment]:
        promotions = [*[other for other in promotions if other["id"] != each["id"]], each]
    return {**whole, "promotions": promotions}


@marked("yaml", "yaml fragment")
def test_a_campaign_loads(piece: Piece) -> None:
    Campaign.from_dict(campaign_at(piece))


@marked("yaml wrong")
def test_a_wrong_campaign_is_refused_with_what_the_page_says(piece: Piece) -> None:
    with pytest.raises(CampaignError) as caught:
        Campaign.from_yaml(piece.text)
    after = PIECES[piece.page][len(above(piece)) + 1 :]
    assert after[0].words == "text output"
    assert after[0].text == f"{caught.value}\n"


# -- carts and quotes ---------------------------------------------------------------------------


def cart_at(piece: Piece) -> str:
    return [each for each in above(piece) if each.words == "json"][-1].text


def quote_at(piece: Piece) -> Any:
    """The quote of the page's last cart under the campaign as it stands, at the moment that the page names."""
    moment = MOMENT.search(piece.page.read_text(encoding="utf-8"))
    assert moment is not None, "the page does not say when its carts are priced"
    return Engine(campaign_of(piece)).price(cart_at(piece), at=datetime.fromisoformat(moment["moment"]), outcomes="all")


def campaign_of(piece: Piece) -> Campaign:
    """The campaign of the page above a piece; or the file that the page names."""
    campaigns = [each for each in above(piece) if each.words in ("yaml", "yaml fragment")]
    if campaigns:
        return Campaign.from_dict(campaign_at(campaigns[-1]))
    named = CAMPAIGN.search(piece.page.read_text(encoding="utf-8"))
    assert named is not None, "the page has no campaign and names none"
    return Campaign.load(ROOT / named["file"])


@marked("json")
def test_a_cart_is_valid(piece: Piece) -> None:
    read_cart(piece.text)


@marked("costs")
def test_a_cart_costs_what_the_page_says(piece: Piece) -> None:
    assert piece.text == quote_at(piece).total


@marked("json quote")
def test_a_part_of_a_quote_is_what_the_engine_gives(piece: Piece) -> None:
    shown: Any = read_json(piece.text).data
    assert shown == _as_shown(shown, quote_at(piece).to_dict())


def _as_shown(shown: Any, actual: Any) -> Any:
    """What the quote has at the keys that are shown."""
    if isinstance(shown, dict) and isinstance(actual, dict):
        return {key: _as_shown(shown[key], actual[key]) for key in shown if key in actual}
    if isinstance(shown, list) and isinstance(actual, list) and len(shown) == len(actual):
        return [_as_shown(one, other) for one, other in zip(shown, actual, strict=True)]
    return actual
