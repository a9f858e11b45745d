"""The counts of instructions: what is on record, what counts as grown, and what is said of it."""

import json

import pytest

from benchmarks import instructions


def test_the_record_has_a_count_for_each_cart_that_is_counted() -> None:
    found = json.loads(instructions.RECORD.read_text())
    counted = [name for name in instructions.carts_to_count() if not name.endswith(instructions.READING)]
    assert counted == [*found["counts"]]
    assert all(count > 0 for count in found["counts"].values())


def test_each_cart_that_is_counted_can_be_priced() -> None:
    for work, warm in instructions.carts_to_count().values():
        work()
        assert warm > 1


@pytest.mark.parametrize(("now", "expected"), [(1100, []), (1101, ["a"]), (500, [])])
def test_a_count_has_grown_where_it_is_more_than_a_tenth_above_the_record(now: int, expected: list[str]) -> None:
    assert expected == instructions.grown({"a": 1000, "b": 10}, {"a": now, "b": 10})


def test_a_cart_that_is_on_one_side_only_has_not_grown() -> None:
    assert [] == instructions.grown({"gone": 1}, {"new": 10})


def test_counts_of_another_build_are_not_compared_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instructions, "build", lambda: "another")
    assert instructions.recorded() is None


def test_without_history_another_build_is_told_why_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instructions, "build", lambda: "another")
    monkeypatch.setattr(instructions, "_git", lambda *arguments: "")
    said, counts = instructions.to_compare_with()
    assert counts is None
    assert "another build" in said


def test_without_valgrind_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(instructions.shutil, "which", lambda name: None)
    monkeypatch.setattr("sys.argv", ["instructions"])
    instructions.main()
    assert "apt install valgrind" in capsys.readouterr().out


def test_growth_ends_in_failure_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(instructions.shutil, "which", lambda name: name)
    monkeypatch.setattr(instructions, "count", lambda: {"five-lines": 120})
    monkeypatch.setattr(instructions, "recorded", lambda: {"five-lines": 100})
    monkeypatch.setattr("sys.argv", ["instructions"])
    with pytest.raises(SystemExit, match=r"five-lines.*--update"):
        instructions.main()
    assert "+20.0%" in capsys.readouterr().out
