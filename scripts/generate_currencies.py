"""Write `src/promoengine/currencies.py` from the ISO 4217 list that the PyPI package `iso4217` ships.

The package holds the table of the standard's maintenance agency ("list one": every active code) as XML,
unchanged. It is needed to run this script only; the library does not depend on it.

    python -m venv /tmp/iso4217
    /tmp/iso4217/bin/pip install --upgrade iso4217
    /tmp/iso4217/bin/python scripts/generate_currencies.py

With `--check` nothing is written; the exit status is 1 where the file differs from what would be written.
An exponent that changes changes prices: read the difference before it is committed.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

TARGET = Path(__file__).resolve().parent.parent / "src" / "promoengine" / "currencies.py"

HEAD = '''\
"""The minor units of the world's currencies, by ISO 4217. Generated; do not edit.

Source: ISO 4217 list one, published {published}, as shipped in the PyPI package iso4217 {package}.
Written by `scripts/generate_currencies.py`, which says how to run it again.

Codes without a minor unit (gold, special drawing rights, `XXX`, `XTS`) are left out: nothing is priced
in them. These are the figures of ISO; CLDR says how many digits people write, which is another question
and differs for 13 currencies.
"""

EXPONENTS: dict[str, int] = {{
'''


def source() -> str:
    """The text of the generated module."""
    table = ElementTree.fromstring(files("iso4217").joinpath("table.xml").read_bytes())
    head = HEAD.format(published=table.attrib["Pblshd"], package=version("iso4217"))
    found = sorted(active(table).items())
    return head + "".join([f'    "{code}": {digits},  # {name}\n' for code, (digits, name) in found]) + "}\n"


def active(table: ElementTree.Element) -> dict[str, tuple[int, str]]:
    """Code → (exponent, name) of every active currency that has a minor unit."""
    found: dict[str, tuple[int, str]] = {}
    # A currency has one entry per country that uses it; a place without one has an entry without a code.
    for entry in table.iterfind("CcyTbl/CcyNtry"):
        digits = entry.findtext("CcyMnrUnts", "N.A.").strip()
        if digits != "N.A.":
            name = entry.findtext("CcyNm", "").strip().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
            found[entry.findtext("Ccy", "").strip()] = (int(digits), name)
    return found


if __name__ == "__main__":
    from generated import write_or_check

    sys.exit(write_or_check(TARGET, source))
