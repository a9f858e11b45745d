"""Files by their names."""

from __future__ import annotations

import os

from promoengine.reading._formats import read_yaml
from promoengine.reading._json import read_json
from promoengine.reading._limits import LARGEST, Size
from promoengine.reading._positions import Document
from promoengine.reading._problems import Fault, refuse


def read_file(path: str | os.PathLike[str], *, size: Size = LARGEST) -> Document:
    """The file's data, at most `size` of it: JSON where the name ends in `.json`, YAML for `.yaml` and `.yml`.

    Raises DocumentError.
    """
    file = os.fspath(path)
    readers = {".json": read_json, ".yaml": read_yaml, ".yml": read_yaml}
    read = readers.get(os.path.splitext(file)[1].lower())
    if read is None:
        message = "the file's name does not say what it holds"
        refuse(file, Fault("unknown_file_type", message))
    return read(_bytes_of(file, size), file=file, size=size)


def _bytes_of(file: str, size: Size) -> bytes:
    try:
        with open(file, "rb") as stream:
            return stream.read(size.text_bytes + 1)
    except FileNotFoundError:
        refuse(file, Fault("file_not_found", "there is no such file"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        refuse(file, Fault("file_unreadable", f"the file cannot be read: {reason}"))
