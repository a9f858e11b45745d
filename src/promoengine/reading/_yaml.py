"""YAML to plain data, from the events of its parser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import yaml

from promoengine.errors import Path
from promoengine.reading import _limits as limits
from promoengine.reading._characters import FORBIDDEN, check_characters, content_of, forbidden_character
from promoengine.reading._limits import Size
from promoengine.reading._positions import Document, Position, Positions
from promoengine.reading._problems import (
    TOO_DEEP,
    TOO_MANY_VALUES,
    Fault,
    Problems,
    clipped,
    document_of,
    duplicate_fault,
    syntax_fault,
)
from promoengine.reading._scalars import SUSPECT_STARTS, plain_value

# The pure loader gives the same events, about ten times slower.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DIRECTIVES_LIMIT = 100


def read(text: str | bytes, file: str | None, size: Size) -> Document:
    """What `read_yaml` does."""
    content = content_of(text, file, size)
    problems = Problems(file)
    check_characters(content, problems)
    if content.count("%TAG") > DIRECTIVES_LIMIT:  # libyaml compares each with all before it
        message = f"there are more than {DIRECTIVES_LIMIT:,} directives of tags"
        problems.stop(Fault("tag_not_allowed", message), (), (1, 1))
    positions = Positions()
    data = _YamlReader(problems, positions).read(content, size.values)
    problems.raise_if_any()
    return document_of(data, file, lambda: positions, partial(read, text, file, size))


class _YamlReader:
    """Builds the data of one document from its events, keeping the open containers on its own stack.

    `_lines` holds the line of each key of the open mapping, and is None while a list is open.
    `_key` is the key whose value comes next, and is None where a key comes next.
    """

    __slots__ = ("_container", "_documents", "_key", "_lines", "_parents", "_positions", "_problems")

    def __init__(self, problems: Problems, positions: Positions) -> None:
        self._problems = problems
        self._positions = positions
        self._parents: list[tuple[Any, dict[str, int] | None, str | None, int]] = []
        self._container: Any = []  # the root is the only item of this list
        self._lines: dict[str, int] | None = None
        self._key: str | None = None
        self._documents = 0

    def read(self, content: str, most: int) -> object:
        """The document's data. Raises DocumentError at once where there is no reading on."""
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceStartEvent: self._open,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._begin,
        }
        try:
            for count, event in enumerate(_events(content)):
                if count > most:
                    self._problems.stop(TOO_MANY_VALUES, self._path(), _position(event))
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
        except yaml.YAMLError as error:
            self._problems.stop(_yaml_syntax(error, content), self._path(), _error_position(error))
        return self._container[0] if self._container else None

    def _scalar(self, event: Any) -> None:
        value = text = event.value
        self._positions.add(*_position(event))
        if event.tag is not None or event.anchor is not None:
            self._check_properties(event)
        if event.implicit[0]:
            if text[:1] in SUSPECT_STARTS:
                value = plain_value(text)
        elif event.style == '"' and (match := FORBIDDEN.search(text)):
            self._add(event, forbidden_character(match))
        if self._lines is not None and self._key is None:
            self._take_key(event, value, self._lines)
        else:
            self._take(event, value)

    def _take_key(self, event: Any, value: object, lines: dict[str, int]) -> None:
        key = self._key = sys.intern(event.value)  # campaigns repeat the same few keys
        if key == "<<" and event.implicit[0]:
            message = "the merge key << is not allowed"
            self._add(event, Fault("merge_key_not_allowed", message))
        elif type(value) is not str:
            hint = f'put it in quotes: "{clipped(key)[1:-1]}"'
            self._add(event, Fault("key_not_text", f"the key {clipped(key)} is not text", hint))
        if key in lines:
            self._add(event, duplicate_fault(key, lines[key]))
        lines.setdefault(key, event.start_mark.line + 1)

    def _take(self, event: Any, value: object) -> None:
        if isinstance(value, Fault):
            self._add(event, value)
        self._put(value)

    def _put(self, value: object) -> None:
        if self._lines is None:
            self._container.append(value)
        else:
            self._container[self._key] = value
            self._key = None

    def _open(self, event: Any) -> None:
        if len(self._parents) >= limits.DEPTH_LIMIT:
            self._problems.stop(TOO_DEEP, self._path(), _position(event))
        if event.tag is not None or event.anchor is not None:
            self._check_properties(event)
        if self._lines is not None and self._key is None:
            message = "a list or a mapping is not a key"
            self._add(event, Fault("key_not_text", message, "put text with brackets or braces in quotes"))
        node = self._positions.add(*_position(event))
        self._parents.append((self._container, self._lines, self._key, node))
        mapping = type(event) is yaml.MappingStartEvent
        self._container, self._lines, self._key = ({}, {}, None) if mapping else ([], None, None)

    def _close(self, event: Any) -> None:
        value = self._container
        self._container, self._lines, self._key, node = self._parents.pop()
        self._positions.close(node)
        if self._lines is not None and self._key is None:
            self._key = "?"  # stands in for a refused key, so that its value is read as one
        else:
            self._put(value)

    def _alias(self, event: Any) -> None:
        message = f"the alias {clipped('*' + event.anchor)} is not allowed"
        hint = "write out what it stands for, or put text in quotes"
        self._add(event, Fault("alias_not_allowed", message, hint))
        if self._lines is not None and self._key is None:
            self._key = f"*{event.anchor}"
        else:
            self._put(None)

    def _begin(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            fault = Fault("multiple_documents", "a second document starts here")
            self._problems.stop(fault, (), _position(event))

    def _check_properties(self, event: Any) -> None:
        hint = "leave it out, or put text in quotes"
        if event.anchor is not None:
            message = f"the anchor {clipped('&' + event.anchor)} is not allowed"
            self._add(event, Fault("alias_not_allowed", message, hint))
        if event.tag is not None:
            self._add(event, Fault("tag_not_allowed", f"the tag {clipped(event.tag)} is not allowed", hint))

    def _add(self, event: Any, fault: Fault) -> None:
        self._problems.add(fault, self._path(), _position(event))

    def _path(self) -> Path:
        """The path of the value in hand, or of its mapping where the key is still to come."""
        frames = [*(parent[:3] for parent in self._parents), (self._container, self._lines, self._key)][1:]
        steps = (len(container) if lines is None else key for container, lines, key in frames)
        return tuple(step for step in steps if step is not None)


def _events(content: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(content, Loader=LOADER)
    except (ValueError, OverflowError) as error:
        # The pure loader lets these through from `chr` and `int`, for escapes and version numbers.
        raise yaml.YAMLError(str(error)) from None


def _position(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _error_position(error: yaml.YAMLError) -> Position:
    mark = getattr(error, "problem_mark", None)
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _yaml_syntax(error: yaml.YAMLError, content: str) -> Fault:
    context, mark = getattr(error, "context", None), getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    fault = syntax_fault(f"{context}: {problem}" if context else problem)
    tab = mark is not None and content[mark.index : mark.index + 1] == "\t"
    return fault._replace(hint="indent with spaces, not with tabs") if tab else fault
