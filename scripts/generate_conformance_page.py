"""Write `docs/conformance.md` from the published figures and the cases that express them.

    python scripts/generate_conformance_page.py

With `--check` nothing is written; the exit status is 1 where the page differs from what would be written. What the page
says of a case is what the case says of itself, and `tests/conformance` holds it to that.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.conformance.cases import HERE, STATUSES, Case, cases  # noqa: E402  the tests are no package

TARGET = ROOT / "docs" / "conformance.md"

HEAD = """\
# Conformance: other people's figures

{total} worked examples from elsewhere, each with its figures: vendors' documentation, Chinese marketplaces, reports of
what shop systems got wrong. Each is a case in [`tests/conformance`](../tests/conformance/README.md), where a test
compares **every figure** with the quote; no case can leave one out or bend it. This page is written by
`scripts/generate_conformance_page.py` from these cases.

| a case | means |
|---|---|
| passes | every figure of the vector comes out |
| waiting | for a feature that is not there yet; all figures that do not concern it are compared already |
| missing | the language cannot say it yet; the row names the smallest general field that would |
| not reproduced | a defect kept as a warning, or a rule outside pricing; all its other figures come out. At most 20 |

Where a source states a rule without numbers, or with too few, they are derived by hand, and the row says so; a
"mechanic's definition" never has any.

## At a glance

{glance}
"""

SOURCES = {
    "commercial": ("Commercial systems", "What vendors document of how their systems price."),
    "china": ("China", "What marketplaces and shop systems document: 满减, 凑单, 券, 定金膨胀 and the rest."),
    "field_reports": ("Field reports", "What users reported to open projects, and what should have come out."),
}
"""The title of each source, and what is in it, in the order of the page."""
VENDORS = (
    *("Adobe Commerce", "commercetools", "Court of Justice of the EU", "Flexprice", "IBM Sterling", "Liferay Commerce"),
    *("Microsoft", "Optimizely Commerce", "Salesforce B2C Commerce", "SAP", "SCAYLE", "Shopify", "Square", "Talon.One"),
    *("Voucherify", "VTEX"),
)
DEFINITIONS = "the mechanics' definitions"
ELSEWHERE = "articles, planning texts and exercises"
PLATFORMS = {
    "ruoyi-vue-pro": ("ruoyi-vue-pro",),
    "CRMEB": ("CRMEB",),
    "macrozheng/mall": ("macrozheng/mall",),
    "Taobao and Tmall": ("Taobao", "Tmall", "the same API", "618 sale"),
    "JD": ("JD item",),
    "WeChat Pay": ("WeChat Pay",),
    "Youzan": ("Youzan",),
    "Xiaomi": ("Xiaomi",),
    "Zhuanzhuan": ("Zhuanzhuan",),
    "Douyin": ("Douyin",),
    DEFINITIONS: ("the mechanic's definition",),
}
"""Which words in a source's name tell its platform; the first that fits counts."""


def page() -> str:
    """The text of the page."""
    total = sum(len(cases(source)) for source in SOURCES)
    return "\n".join([HEAD.format(total=total, glance=glance()), *map(section, SOURCES)])


def glance() -> str:
    """How many of each source, and of each vendor in it, are in which status."""
    rows = [f"| source | vectors | {' | '.join(STATUSES)} |", "|---|---:" + "|---:" * len(STATUSES) + "|"]
    rows.append(counted("**all**", (case for source in SOURCES for case in cases(source))))
    for source, (title, _) in SOURCES.items():
        rows.append(counted(f"**{title}**", cases(source)))
        rows += [counted(vendor, mine) for vendor, mine in by_vendor(source).items()]
    return "\n".join(rows)


def counted(name: str, mine: Iterable[Case]) -> str:
    found = Counter(case.status for case in mine)
    figures = [str(found[status] or "") for status in STATUSES]
    return f"| {name} | {found.total()} | {' | '.join(figures)} |"


def by_vendor(source: str) -> dict[str, list[Case]]:
    """The cases of each vendor, platform or project, these by name; what has none comes last."""
    found: dict[str, list[Case]] = {}
    for case in cases(source):
        found.setdefault(vendor_of(source, case), []).append(case)
    return dict(sorted(found.items(), key=lambda item: (item[0] in (DEFINITIONS, ELSEWHERE), item[0].casefold())))


def vendor_of(source: str, case: Case) -> str:
    if source == "commercial":
        return next(vendor for vendor in VENDORS if case.source.startswith(vendor))
    if source == "field_reports":
        return case.source.partition("/")[0]
    return next((name for name, words in PLATFORMS.items() if any(word in case.source for word in words)), ELSEWHERE)


def section(source: str) -> str:
    title, about = SOURCES[source]
    return f"## {title}\n\n{about}\n\n" + "\n".join(table(source)) + "\n"


def table(source: str) -> Iterator[str]:
    """A row for each vector."""
    titles = titles_of(source)
    yield "| of | vector | what | from | it |"
    yield "|---|---|---|---|---|"
    for vendor, mine in by_vendor(source).items():
        for case in mine:
            cells = (vendor, f"`{case.id}`", titles[case.id], case.source, result(case))
            yield "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in cells) + " |"


def titles_of(source: str) -> dict[str, str]:
    """What each vector is about, in its own words."""
    written = json.loads((HERE / "vectors" / f"{source}.json").read_text(encoding="utf-8"))
    return {each["id"]: each["title"] for each in written["vectors"]}


def result(case: Case) -> str:
    """The status of a case; where it does not pass, for what it waits or what it misses, and why."""
    if case.status == "passes":
        return "passes"
    if case.status == "waiting":
        return f"**waiting** for {' and '.join(case.waits_for)}: {case.reason}"
    if case.status == "missing":
        field = case.field if "`" in case.field else f"`{case.field}`"
        return f"**missing** {field}: {case.reason}"
    return f"**not reproduced**: {case.reason}"


if __name__ == "__main__":
    from generated import write_or_check

    sys.exit(write_or_check(TARGET, page))
