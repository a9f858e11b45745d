"""Presets: what real platforms chose, as data that a campaign starts from with `extends`.

Each is a small YAML file beside this one: stages, groups, rounding, allocation. Its head says where that is taken from
and of when it is. No file is read before a campaign extends a preset, or somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from promoengine.errors import Diagnostic, Place
from promoengine.reading import read_yaml
from promoengine.suggestions import did_you_mean

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["extended", "preset_names", "preset_text"]

_SUFFIX = ".yaml"


def preset_names() -> tuple[str, ...]:
    """The names of all presets, sorted."""
    files = (each.name for each in _folder().iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in files if name.endswith(_SUFFIX)))


def preset_text(name: str) -> str | Diagnostic:
    """The file of a preset, comments included; where no preset has this name, the diagnostic that says so."""
    names = preset_names()
    if name not in names:
        message = f"no preset is called {name!r}"
        return Diagnostic("unknown_preset", message, Place(("extends",)), did_you_mean(name, names))
    return _folder().joinpath(name + _SUFFIX).read_text(encoding="utf-8")


def extended(document: Mapping[str, Any]) -> Mapping[str, Any] | Diagnostic:
    """A campaign's plain data laid over the preset that it extends, which it then no longer names.

    It is returned as it is where it extends none, or names it by something else than text, which is for validation
    to say. Where no preset has the name, the diagnostic that says so.
    """
    name = document.get("extends")
    if not isinstance(name, str):
        return document
    text = preset_text(name)
    if isinstance(text, Diagnostic):
        return text
    preset: Any = read_yaml(text, file=name + _SUFFIX).data
    return _laid_over(preset, {key: value for key, value in document.items() if key != "extends"})


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings are laid over each other key by key, to any depth; whatever else is above replaces what is below."""
    found = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], Mapping) and isinstance(above[key], Mapping):
            found[key] = _laid_over(below[key], above[key])
    return found


def _folder() -> Traversable:
    from importlib.resources import files  # late: it is slow to import, and few campaigns extend a preset

    return files(__name__)
