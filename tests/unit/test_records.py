"""Records are what the standard library's dataclasses with slots are: each statement holds of both."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any, ClassVar

import pytest

from promoengine import records


def made(dataclass: Any, field: Any) -> Any:
    """The same classes by either decorator."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """A place."""

        x: int
        y: int = 0
        names: dict[str, int] = field(default_factory=dict, compare=False)
        hidden: int = field(default=7, repr=False)
        scale: ClassVar[int] = 3

        def __post_init__(self) -> None:
            if self.y < 0:
                object.__setattr__(self, "y", 0)

        @property
        def total(self) -> int:
            return self.x + self.y

    @dataclass(slots=True)
    class Count:
        number: int
        seen: list[int] = field(default_factory=list)
        twice: int = field(init=False)

        def __post_init__(self) -> None:
            self.twice = 2 * self.number

    @dataclass(slots=True, eq=False)
    class Alone:
        number: int

    @dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    return Point, Count, Alone, Nothing


BOTH = {"standard": (dataclasses.dataclass, dataclasses.field), "ours": (records.dataclass, records.field)}


@pytest.fixture(params=BOTH)
def classes(request: pytest.FixtureRequest) -> Any:
    return made(*BOTH[request.param])


def test_values_have_their_fields_and_defaults_and_no_others(classes: Any) -> None:
    point_class, count_class, _, _ = classes
    point = point_class(1, y=-2)
    assert (point.x, point.y, point.names, point.hidden, point.scale, point.total) == (1, 0, {}, 7, 3, 1)
    assert point_class(1).names is not point_class(1).names
    count = count_class(4)
    count.number = 5
    assert (count.number, count.seen, count.twice) == (5, [], 8)
    for value in (point, count):
        assert not hasattr(value, "__dict__")
        assert value.__doc__ is None or value.__doc__ == "A place." or "Count" in value.__doc__
    with pytest.raises(AttributeError):
        count.other = 1


def test_a_missing_an_unknown_and_a_second_argument_are_refused(classes: Any) -> None:
    for each in classes[0], classes[1]:
        for arguments, named in (((), {}), ((1,), {"unknown": 1}), ((1, 2, {}, 4, 5, 6), {})):
            with pytest.raises(TypeError):
                each(*arguments, **named)
    with pytest.raises(TypeError):
        classes[1](1, [], 2)


def test_a_frozen_value_changes_in_nothing(classes: Any) -> None:
    point = classes[0](1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert point.x == 1


def test_values_are_equal_where_their_compared_fields_are_and_they_are_of_one_class(classes: Any) -> None:
    point_class, count_class, alone_class, nothing_class = classes
    assert point_class(1, 2, {"a": 1}) == point_class(1, 2, {})
    assert hash(point_class(1, 2, {"a": 1})) == hash(point_class(1, 2, {}))
    assert point_class(1, 2) != point_class(1, 3)
    assert point_class(1, 2) != (1, 2, {}, 7)
    assert nothing_class() == nothing_class()
    assert point_class(1) != nothing_class()
    assert count_class(1) == count_class(1)
    assert count_class.__hash__ is None
    assert alone_class(1) != alone_class(1)
    assert len({alone_class(1), alone_class(1)}) == 2


def test_a_value_is_shown_by_its_fields(classes: Any) -> None:
    point_class, count_class, _, nothing_class = classes
    prefix = "made.<locals>."
    assert repr(point_class(1, 2)) == f"{prefix}Point(x=1, y=2, names={{}})"
    assert repr(count_class(1)) == f"{prefix}Count(number=1, seen=[], twice=2)"
    assert repr(nothing_class()) == f"{prefix}Nothing()"


def test_dataclasses_knows_the_fields(classes: Any) -> None:
    point_class, count_class, _, nothing_class = classes
    assert [each.name for each in dataclasses.fields(point_class)] == ["x", "y", "names", "hidden"]
    assert dataclasses.replace(point_class(1, 2), y=5) == point_class(1, 5)
    assert dataclasses.asdict(count_class(2)) == {"number": 2, "seen": [], "twice": 4}
    assert dataclasses.is_dataclass(nothing_class)
    assert point_class.__match_args__ == ("x", "y", "names", "hidden")


def test_a_copy_is_equal_and_shares_what_a_copy_shares(classes: Any) -> None:
    point_class, count_class, _, _ = classes
    for value in (point_class(1, 2, {"a": 1}), count_class(3, [1])):
        assert copy.copy(value) == value
        assert copy.deepcopy(value) == value
    point = point_class(1, 2, {"a": 1})
    assert copy.copy(point).names is point.names
    assert copy.deepcopy(point).names is not point.names


def test_a_record_of_the_library_can_be_pickled() -> None:
    from promoengine.errors import Diagnostic, Place

    found = Diagnostic("code", "message", Place(("a", 1)), "hint")
    assert pickle.loads(pickle.dumps(found)) == found
