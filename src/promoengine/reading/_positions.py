"""Where the nodes of a text start, and the document that points to them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from promoengine.errors import Path, Place

Position = tuple[int, int]
"""Line and column, both from 1; columns count characters."""


class Positions:
    """Where the nodes of a document start, in the order of the text; a key is a node of its own.

    `after[node]` is the node that follows `node` and all that it holds. Three arrays and the data itself
    say what a mapping from paths would say, in a tenth of its memory, at little cost to a document
    without mistakes.
    """

    __slots__ = ("_children", "after", "columns", "lines")

    def __init__(self) -> None:
        self.lines, self.columns, self.after = array("I"), array("I"), array("I")
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}

    def add(self, line: int, column: int) -> int:
        """A new node, which holds nothing as yet."""
        self.lines.append(line)
        self.columns.append(column)
        self.after.append(len(self.lines))
        return len(self.lines) - 1

    def close(self, node: int) -> None:
        """Everything added since `node` is held by it."""
        self.after[node] = len(self.lines)

    def position(self, node: int) -> Position:
        return self.lines[node], self.columns[node]

    def children(self, node: int, data: object) -> dict[str | int, tuple[int, int]]:
        """The nodes of the entries of `data`, which is at `node`: key and value. An item is its own key."""
        if node not in self._children:
            self._children[node] = dict(self._entries(node + 1, data))
        return self._children[node]

    def _entries(self, key: int, data: object) -> Iterator[tuple[str | int, tuple[int, int]]]:
        keyed = isinstance(data, dict)
        steps: Iterable[str | int] = cast("dict[str, object]", data) if keyed else range(len(cast("Any", data)))
        for step in steps:
            value = key + 1 if keyed else key
            yield step, (key, value)
            key = self.after[value]


@dataclass(frozen=True, slots=True)
class Document:
    """What a text holds, as plain data, with the places that diagnostics point to.

    `data` is made of dict, list, str, int, `Decimal`, bool and None. A Document without a text, as
    `Document(data)`, is fine: its places are paths only.
    """

    data: object
    file: str | None = None
    _positions: Callable[[], Positions] = field(default=Positions, repr=False, compare=False)
    _read: Callable[[], Document] | None = field(default=None, repr=False, compare=False)

    @property
    def again(self) -> Callable[[], Document]:
        """Reads the same text again: for whoever would rather keep the text, which is a fraction of the data."""
        return self._read or (lambda: self)

    @property
    def places(self) -> Mapping[Path, Position]:
        """Where each value and each list item starts; the root is `()`. Empty without a text."""
        return {path: self._positions().position(node) for path, _, node in self._nodes()}

    @property
    def key_places(self) -> Mapping[Path, Position]:
        """Where the key of each value in a mapping starts, by the path of that value."""
        return {path: self._positions().position(key) for path, key, node in self._nodes() if key != node}

    def place(self, path: Path) -> Place:
        """The place of the value at `path`, or of what is nearest around it; `path` stays whole."""
        *_, (_, _, node) = self._along(path)
        return self._at(path, node)

    def key_place(self, path: Path) -> Place:
        """The place of the key that leads to `path`; as `place` says where there is no such key."""
        *_, (nearest, key, node) = self._along(path)
        return self._at(path, key if nearest == path else node)

    def _at(self, path: Path, node: int) -> Place:
        positions = self._positions()
        line, column = positions.position(node) if positions.lines else (None, None)
        return Place(path, self.file, line, column)

    def _along(self, path: Path) -> Iterator[tuple[Path, int, int]]:
        """What is on the way to `path`, as far as it goes: path, node of the key, node of the value."""
        data, node = self.data, 0
        yield (), 0, 0
        for end, step in enumerate(path, 1):
            entry = self._entries(node, data).get(step)
            if entry is None:
                break
            data, node = cast("Any", data)[step], entry[1]
            yield path[:end], *entry

    def _nodes(self) -> Iterator[tuple[Path, int, int]]:
        pending: list[tuple[Path, int, int, object]] = [((), 0, 0, self.data)]
        while pending and self._positions().lines:
            path, key, node, data = pending.pop()
            yield path, key, node
            entries = self._entries(node, data).items()
            inside = [((*path, step), *entry, cast("Any", data)[step]) for step, entry in entries]
            pending += reversed(inside)  # the first is popped first: the order of the text

    def _entries(self, node: int, data: object) -> Mapping[str | int, tuple[int, int]]:
        positions = self._positions()
        return positions.children(node, data) if positions.lines and isinstance(data, (dict, list)) else {}
