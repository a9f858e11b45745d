"""Links lead somewhere, the map has every page, and every exported name is explained somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import promoengine

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [*sorted(ROOT.glob("*.md")), *DOCS, *sorted((ROOT / "examples").rglob("*.md"))]
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: dict[str, int] = {}
    names = set()
    for heading in re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-")
        found[name] = found.get(name, -1) + 1
        names.add(f"{name}-{found[name]}" if found[name] else name)
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    dead = []
    for target in LINK.findall(prose(page)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(target)
    assert [] == dead


def test_the_map_has_every_page() -> None:
    linked = set(LINK.findall(prose(ROOT / "docs" / "README.md")))
    assert [] == [page.name for page in DOCS if page.name != "README.md" and page.name not in linked]


@pytest.mark.parametrize("name", promoengine.__all__)
def test_an_exported_name_is_explained_on_some_page(name: str) -> None:
    assert any(re.search(rf"`{name}\b", prose(page)) for page in DOCS if page.name != "README.md")
