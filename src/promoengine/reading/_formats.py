"""YAML on demand: PyYAML is imported when the first YAML text is read. To import it takes as long as half of this
library, and a shop whose campaign is JSON never needs it.
"""

from __future__ import annotations

from promoengine.reading._limits import LARGEST, Size
from promoengine.reading._positions import Document


def read_yaml(text: str | bytes, *, file: str | None = None, size: Size = LARGEST) -> Document:
    """The data of one YAML document of at most `size`, `file` being the name to show in its diagnostics.

    Plain scalars are None (`null`, or nothing at all), bool (`true`, `false`), int (`12`), Decimal
    (`12.50`) or else text, dates and times included; quoted and block scalars are text.

    Raises DocumentError.
    """
    from promoengine.reading._yaml import read

    return read(text, file, size)
