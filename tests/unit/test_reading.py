"""Text to plain data, with places; and what is refused on the way."""

from __future__ import annotations

import json
import os
import pickle
import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from promoengine import reading
from promoengine.errors import Diagnostic, Place
from promoengine.reading import Document, DocumentError, Size, _yaml, read_file, read_json, read_yaml

Read = Callable[[str | bytes], Document]
CODES = set(re.findall(r"^``(\w+)``  ", reading.__doc__ or "", re.MULTILINE))


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def either_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test with the C loader and with the one that stands in where there is no libyaml."""
    monkeypatch.setattr(_yaml, "LOADER", getattr(yaml, request.param))


def problems(read: Callable[[], object]) -> tuple[Diagnostic, ...]:
    with pytest.raises(DocumentError) as caught:
        read()
    return caught.value.diagnostics


def only(diagnostics: tuple[Diagnostic, ...]) -> Diagnostic:
    assert len(diagnostics) == 1, diagnostics
    return diagnostics[0]


def refused(text: str | bytes, read: Read = read_yaml) -> Diagnostic:
    return only(problems(lambda: read(text)))


def briefly(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, Any, int | None, int | None]]:
    return [(each.code, each.place.path, each.place.line, each.place.column) for each in diagnostics]


# Data


@pytest.mark.parametrize(
    ("scalar", "expected"),
    [
        ("12", 12), ("0", 0), ("-7", -7), ("9" * 40, int("9" * 40)), ("12.50", Decimal("12.50")),
        ("-0.5", Decimal("-0.5")), ("true", True), ("false", False), ("null", None), ("", None),
        ("kettle", "kettle"), ("雪", "雪"), ("2026-11-10", "2026-11-10"), ("1.2.3", "1.2.3"),
        ("2026-11-10T20:00", "2026-11-10T20:00"), ("2026-11-10 20:00:00", "2026-11-10 20:00:00"),
        ("20:00-22:00", "20:00-22:00"), ("3M", "3M"), ("10 %", "10 %"), ("1:99", "1:99"),
        ("0xZZ", "0xZZ"), ("yes please", "yes please"), ("+", "+"), (".", "."), ("e3", "e3"), ("_1", "_1"),
        ("''", ""), ("'012'", "012"), ('"yes"', "yes"), ('"1:30"', "1:30"), ('"\\u96ea"', "雪"),
        ("|\n  012\n", "012\n"), (">-\n  yes\n", "yes"), ("[]", []), ("{}", {}), ("[1, a]", [1, "a"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("either_loader")
def test_a_yaml_value_is_what_it_looks_like(scalar: str, expected: object) -> None:
    assert repr(read_yaml(f"a: {scalar}").data) == repr({"a": expected})


def test_json_values_are_exact_numbers_text_and_nothing_else() -> None:
    data = read_json('{"a": [1, -0.50, true, false, null, "x", {}, []]}').data
    assert data == {"a": [1, Decimal("-0.50"), True, False, None, "x", {}, []]}


def test_nothing_is_ever_a_float() -> None:
    values = read_json("[1.5, 0.1, -2.0]").data, read_yaml("[1.5, 0.1, -2.0]").data
    assert {type(each) for data in values for each in data} == {Decimal}  # type: ignore[attr-defined]


def test_a_quoted_merge_sign_is_an_ordinary_key() -> None:
    assert read_yaml('"<<": 1').data == {"<<": 1}


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_a_byte_order_mark_in_front_is_not_part_of_the_text(read: Read) -> None:
    document = read('\ufeff{"a": 1}'.encode())
    assert document.data == {"a": 1}
    assert document.place(("a",)) == Place(("a",), None, 1, 7)


def test_windows_line_ends_and_tabs_in_json_are_white_space() -> None:
    document = read_yaml("a: 1\r\nb:\r\n  - x\r\n")
    assert (document.data, document.places[("b", 0)]) == ({"a": 1, "b": ["x"]}, (3, 5))
    assert read_json('{\r\n\t"a":\t1\r\n}').places[("a",)] == (2, 7)


# Places

CAMPAIGN = """\
currency: CNY
promotions:
  - id: kettle
    items: {sku: [A, 雪, C]}
  - id: panda
    tiers:
    - at: 200
"""


@pytest.mark.usefixtures("either_loader")
def test_every_value_and_every_key_has_its_line_and_column() -> None:
    document = read_yaml(CAMPAIGN, file="c.yaml")
    assert list(document.places.items()) == [
        ((), (1, 1)),
        (("currency",), (1, 11)),
        (("promotions",), (3, 3)),
        (("promotions", 0), (3, 5)),
        (("promotions", 0, "id"), (3, 9)),
        (("promotions", 0, "items"), (4, 12)),
        (("promotions", 0, "items", "sku"), (4, 18)),
        (("promotions", 0, "items", "sku", 0), (4, 19)),
        (("promotions", 0, "items", "sku", 1), (4, 22)),
        (("promotions", 0, "items", "sku", 2), (4, 25)),
        (("promotions", 1), (5, 5)),
        (("promotions", 1, "id"), (5, 9)),
        (("promotions", 1, "tiers"), (7, 5)),
        (("promotions", 1, "tiers", 0), (7, 7)),
        (("promotions", 1, "tiers", 0, "at"), (7, 11)),
    ]
    assert list(document.key_places.items()) == [
        (("currency",), (1, 1)),
        (("promotions",), (2, 1)),
        (("promotions", 0, "id"), (3, 5)),
        (("promotions", 0, "items"), (4, 5)),
        (("promotions", 0, "items", "sku"), (4, 13)),
        (("promotions", 1, "id"), (5, 5)),
        (("promotions", 1, "tiers"), (6, 5)),
        (("promotions", 1, "tiers", 0, "at"), (7, 7)),
    ]


def test_a_missing_value_is_placed_at_what_is_nearest_around_it_with_its_path_whole() -> None:
    document = read_yaml(CAMPAIGN, file="c.yaml")
    path = ("promotions", 1, "benefit", "percent")
    assert document.place(path) == Place(path, "c.yaml", 5, 5)
    assert document.place(("promotions", 7)) == Place(("promotions", 7), "c.yaml", 3, 3)
    assert document.place(("currency", "x")) == Place(("currency", "x"), "c.yaml", 1, 11)


def test_a_key_is_placed_where_it_stands_and_a_missing_one_around_it() -> None:
    document = read_yaml(CAMPAIGN, file="c.yaml")
    assert document.key_place(("promotions", 0, "items")) == Place(("promotions", 0, "items"), "c.yaml", 4, 5)
    assert document.key_place(("promotions", 1)) == Place(("promotions", 1), "c.yaml", 5, 5)
    assert document.key_place(("currencies",)) == Place(("currencies",), "c.yaml", 1, 1)


def test_a_document_without_a_text_has_paths_for_places() -> None:
    document = Document({"a": [1]}, "cart")
    assert document.place(("a", 0)) == document.key_place(("a", 0)) == Place(("a", 0), "cart")
    assert document.places == document.key_places == {}


def test_the_same_text_has_the_same_data_and_places_as_json_and_as_yaml() -> None:
    text = json.dumps({"a": [{"b": 1}, [], {}, '雪 {[\\"'], "c": {"d": None}}, ensure_ascii=False, indent=1)
    assert_alike(text)


# Refusals

AMBIGUOUS = re.findall(r"\S+", """
    yes no on off y n Yes NO On oFF Y N True TRUE False Null NULL ~
    1:30 20:00 08:00 1:30:00 -1:30 1:30.5 190:20:30
    012 -012 08 00 0.0_1 00.5 0o14 0O14 0x1F 0XFF 0b1 -0b10 1_000 1_000.50 1__0
    +5 +0.5 .5 -.5 +.5 5. -5. 1e3 1E3 1e+3 1.5e-3 .5e3 12e03
    .inf -.inf +.INF .nan .NaN inf -Infinity nan NaN = <<
""")  # fmt: skip


@pytest.mark.parametrize("scalar", AMBIGUOUS)
@pytest.mark.usefixtures("either_loader")
def test_a_scalar_that_readers_of_yaml_disagree_about_is_refused_and_may_be_quoted(scalar: str) -> None:
    problem = refused(f"x:\n  a: {scalar}\n")
    assert briefly((problem,)) == [("ambiguous_scalar", ("x", "a"), 2, 6)]
    assert problem.hint.endswith(f'put text in quotes: "{scalar}"')
    assert read_yaml(f'"{scalar}"').data == read_yaml(f"'{scalar}'").data == scalar


DEEP = "[" * 50 + "]" * 50

REFUSED_YAML = [
    ("a: &x 1", "alias_not_allowed", ("a",), 1, 4),
    ("a: *x", "alias_not_allowed", ("a",), 1, 4),
    ("b:\n  *x : 1", "alias_not_allowed", ("b",), 2, 3),
    ("a: {b: &x [1]}", "alias_not_allowed", ("a", "b"), 1, 8),
    ("a: yes", "ambiguous_scalar", ("a",), 1, 4),
    ("- a\n- \x07", "character_not_allowed", (), 2, 3),
    ("a: \ud800", "character_not_allowed", (), 1, 4),
    ("雪: \x7f", "character_not_allowed", (), 1, 4),
    ('a: ["\\0"]', "character_not_allowed", ("a", 0), 1, 5),
    ("a: 1\nb: 2\na: 3", "duplicate_key", ("a",), 3, 1),
    ("x: {a: 1, a: 2}", "duplicate_key", ("x", "a"), 1, 11),
    ("", "empty_document", (), None, None),
    ("# nothing\n---\n", "empty_document", (), None, None),
    ("null", "empty_document", (), None, None),
    ("1: x", "key_not_text", ("1",), 1, 1),
    ("yes: x", "key_not_text", ("yes",), 1, 1),
    ("a: {1.50: x}", "key_not_text", ("a", "1.50"), 1, 5),
    ("? [a, b]\n: x", "key_not_text", (), 1, 3),
    ("x:\n  {a: 1}: 2", "key_not_text", ("x",), 2, 3),
    ("?\n: x", "key_not_text", ("",), 1, 2),
    ("x:\n  <<: {a: 1}", "merge_key_not_allowed", ("x", "<<"), 2, 3),
    ("a: 1\n---\nb: 2", "multiple_documents", (), 2, 1),
    (f"[{DEEP}]", "nested_too_deeply", (0,) * 50, 1, 51),
    ("- " * 51, "nested_too_deeply", (0,) * 50, 1, 101),
    (b"a: 1\nb: \xe9\n", "not_utf8", (), 2, 4),
    ("a: 1\n".encode("utf-16"), "not_utf8", (), 1, 1),
    ("a: " + "9" * 41, "number_too_long", ("a",), 1, 4),
    ("a: 0." + "9" * 41, "number_too_long", ("a",), 1, 4),
    ("a: [1, 2\nb: 3", "syntax", ("a", 2), 2, 2),
    ("a: b: c", "syntax", (), 1, 5),
    ("a:\n\tb: 1", "syntax", ("a",), 2, 1),
    ("a: @x", "syntax", ("a",), 1, 4),
    ('a: "\\ud800\\q"', "syntax", ("a",), 1, 7),
    ("%YAML 3.0\n---\na: 1", "syntax", (), 1, 1),
    ("a: !!int 3", "tag_not_allowed", ("a",), 1, 4),
    ("a: !!python/object:os.system x", "tag_not_allowed", ("a",), 1, 4),
    ("a: ! x", "tag_not_allowed", ("a",), 1, 4),
    ("a: !mine {}", "tag_not_allowed", ("a",), 1, 4),
]

REFUSED_JSON = [
    ('{"a": "\x07"}', "character_not_allowed", (), 1, 8),
    ('{"a": "\x7f"}', "character_not_allowed", (), 1, 8),
    ('{"a": "é\x80"}', "character_not_allowed", (), 1, 9),
    ('{"a": "\ud800"}', "character_not_allowed", (), 1, 8),
    ('{"a": ["\\u0000"]}', "character_not_allowed", ("a", 0), 1, 8),
    ('{"a": "\\b"}', "character_not_allowed", ("a",), 1, 7),
    ('{"\\ud83d": 1}', "character_not_allowed", ("\ud83d",), 1, 2),
    ('{"a": {"b": 1,\n "b": 2}}', "duplicate_key", ("a", "b"), 2, 2),
    (" \n", "empty_document", (), None, None),
    ("null", "empty_document", (), None, None),
    ('{"a": [1e3]}', "exponent_number", ("a", 0), 1, 8),
    ("[1.5E-3]", "exponent_number", (0,), 1, 2),
    ('{"a": NaN}', "number_not_finite", ("a",), 1, 7),
    ("[1, -Infinity]", "number_not_finite", (1,), 1, 5),
    (f"[{DEEP}]", "nested_too_deeply", (0,) * 50, 1, 51),
    ('{"a":' * 51, "nested_too_deeply", ("a",) * 50, 1, 251),
    ("[" * 1_000_000, "nested_too_deeply", (0,) * 50, 1, 51),
    (b'["\xff"]', "not_utf8", (), 1, 3),
    ("[1, " + "9" * 41 + "]", "number_too_long", (1,), 1, 5),
    ("[0." + "9" * 5_000 + "]", "number_too_long", (0,), 1, 2),
    ('{"a": 1,}', "syntax", (), 1, 9),
    ('{"a": 012}', "syntax", (), 1, 8),
    ('{"a": "\\q"}', "syntax", (), 1, 8),
    ("{'a': 1}", "syntax", (), 1, 2),
    ("{}\n{}", "syntax", (), 2, 1),
    ('["a', "syntax", (), 1, 2),
    ("]" * 100, "syntax", (), 1, 1),
]


@pytest.mark.parametrize(
    ("read", "text", "code", "path", "line", "column"),
    [(read_yaml, *case) for case in REFUSED_YAML] + [(read_json, *case) for case in REFUSED_JSON],
)
def test_a_text_is_refused_with_a_code_a_path_a_line_and_a_column(
    read: Read, text: str | bytes, code: str, path: Any, line: int, column: int
) -> None:
    assert briefly((refused(text, read),)) == [(code, path, line, column)]


@pytest.mark.parametrize(("text", "code"), [case[:2] for case in REFUSED_YAML])
def test_without_libyaml_the_same_is_refused(text: str | bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_yaml, "LOADER", yaml.SafeLoader)
    assert code in {each.code for each in problems(lambda: read_yaml(text))}


@pytest.mark.parametrize("text", ['"\\U00110000"', '"\\UFFFFFFFF"', "%YAML 1." + "9" * 5_000 + "\n--- a"])
@pytest.mark.usefixtures("either_loader")
def test_what_a_loader_cannot_turn_into_a_character_or_a_number_is_a_syntax_error(text: str) -> None:
    assert refused(text).code == "syntax"


def test_seven_mistakes_are_seven_diagnostics_in_one_run_and_in_the_order_of_the_text() -> None:
    text = "a: yes\nb: 012\na: 1\n<<: {c: 1:30}\n5: !x ok\nd: *y\n"
    assert briefly(problems(lambda: read_yaml(text, file="c.yaml"))) == [
        ("ambiguous_scalar", ("a",), 1, 4),
        ("ambiguous_scalar", ("b",), 2, 4),
        ("duplicate_key", ("a",), 3, 1),
        ("merge_key_not_allowed", ("<<",), 4, 1),
        ("ambiguous_scalar", ("<<", "c"), 4, 9),
        ("key_not_text", ("5",), 5, 1),
        ("tag_not_allowed", ("5",), 5, 4),
        ("alias_not_allowed", ("d",), 6, 4),
    ]


def test_mistakes_before_a_syntax_error_are_told_together_with_it() -> None:
    from_yaml = problems(lambda: read_yaml("a: yes\nb: [1"))
    from_json = problems(lambda: read_json('{"a": 1e3, "b": [1, }, "c": NaN'))
    assert [each.code for each in from_yaml] == ["ambiguous_scalar", "syntax"]
    assert [each.code for each in from_json] == ["exponent_number", "syntax"]


def test_json_tells_all_of_its_mistakes_in_one_run() -> None:
    text = '{"a": 1, "a": [1e3, NaN, "\\u0007"],\n "b": {"a": 1, "a": 2}}'
    assert briefly(problems(lambda: read_json(text))) == [
        ("duplicate_key", ("a",), 1, 10),
        ("exponent_number", ("a", 0), 1, 16),
        ("number_not_finite", ("a", 1), 1, 21),
        ("character_not_allowed", ("a", 2), 1, 26),
        ("duplicate_key", ("b", "a"), 2, 16),
    ]


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_a_duplicate_key_names_both_lines(read: Read) -> None:
    problem = refused('{"a": 1,\n"b": 2,\n"a": 3}', read)
    assert problem.place.line == 3
    assert problem.message == "the key 'a' is given twice, the first time on line 1"


def test_a_diagnostic_reads_as_file_line_column_path_and_hint() -> None:
    problem = only(problems(lambda: read_yaml("stages:\n  - name: on\n", file="c.yaml")))
    assert str(problem) == (
        "c.yaml:2:11: stages[0].name: error[ambiguous_scalar]: 'on' is a truth value to some readers of YAML "
        '(write true or false, or put text in quotes: "on")'
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a:\n\tb: 1", "indent with spaces, not with tabs"),
        ("title: 11.11: the day", "put text that holds a colon and a space in quotes"),
        ("a: @x", "put text that starts with a punctuation mark in quotes"),
        ("1: x", 'put it in quotes: "1"'),
        ("a: yes", 'write true or false, or put text in quotes: "yes"'),
        ("a: True", 'write true or false in lower case, or put text in quotes: "True"'),
        ("a: 012", 'leave out the leading zero, or put text in quotes: "012"'),
        ("a: 1e3", 'write it out, or put text in quotes: "1e3"'),
        ("a: 1:30", 'put text in quotes: "1:30"'),
        ("a: {{ price }}", "put text with brackets or braces in quotes"),
    ],
)
@pytest.mark.usefixtures("either_loader")
def test_the_hint_says_how_to_write_it_otherwise(text: str, hint: str) -> None:
    assert problems(lambda: read_yaml(text))[0].hint == hint


def test_fifty_lists_inside_one_another_are_not_too_deep() -> None:
    assert read_yaml(DEEP).data == read_json(DEEP).data == json.loads(DEEP)


def test_brackets_and_quotes_inside_json_text_are_not_structure() -> None:
    data = {"[" * 60: "]" * 60, '"[{': ["\\", '\\"', '"' * 7, "[]{}", "\\[", "😀"]}
    assert read_json(json.dumps(data)).data == read_json(json.dumps(data, ensure_ascii=False)).data == data


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    started = time.perf_counter()
    assert {each.code for each in problems(lambda: read_yaml("\n".join(rows)))} == {"alias_not_allowed"}
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", '{"a":', "[{", "- ? "])
@pytest.mark.usefixtures("either_loader")
def test_a_million_levels_are_refused_at_once(opening: str) -> None:
    started = time.perf_counter()
    assert problems(lambda: read_yaml(opening * 1_000_000))[-1].code == "nested_too_deeply"
    assert time.perf_counter() - started < 20


# Each of these takes a regular expression with one careless repetition ages.
@pytest.mark.parametrize("scalar", ["1" * 10**6 + "x", "1_" * 10**6 + "x", "1:2" * 10**6, "0." + "_" * 10**6])
def test_a_long_scalar_takes_time_in_proportion_to_its_length(scalar: str) -> None:
    started = time.perf_counter()
    read_yaml(f"a: b{scalar}")
    read_json(json.dumps([scalar]))
    problems_or_data(f"a: {scalar}", read_yaml)
    assert len(str(refused("a: " + "9" * 10**6))) < 300  # nor is it shown whole
    assert time.perf_counter() - started < 20


def test_at_a_thousand_problems_reading_stops() -> None:
    found = problems(lambda: read_yaml("- yes\n" * 5_000))
    assert [each.code for each in found[:1_000]] == ["ambiguous_scalar"] * 1_000
    assert briefly(found[1_000:]) == [("too_many_problems", (999,), 1_000, 3)]


@pytest.mark.parametrize(("read", "path", "column"), [(read_yaml, ("a", 96), 296), (read_json, (), 299)])
def test_a_text_of_too_many_values_is_refused_where_they_become_too_many(read: Read, path: Any, column: int) -> None:
    small = partial(read, size=Size(text_bytes=10_000, values=100))
    assert len(small(json.dumps([1] * 90)).data) == 90  # type: ignore[arg-type]
    assert briefly((refused(json.dumps({"a": [1] * 200}), small),)) == [("too_many_values", path, 1, column)]


def test_commas_inside_json_text_are_not_values() -> None:
    assert read_json(json.dumps([",:" * 200]), size=Size(text_bytes=10_000, values=100)).data == [",:" * 200]


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_a_text_of_too_many_bytes_is_refused_unread(read: Read) -> None:
    small = partial(read, size=Size(text_bytes=100, values=100))
    assert refused(b" " * 101, small).code == "text_too_large"
    assert refused(" " * 101, small).code == "text_too_large"
    assert small('"' + "x" * 98 + '"').data == "x" * 98


# Files


@pytest.mark.parametrize("name", ["c.yaml", "c.yml", "C.YAML", "c.json"])
def test_a_file_is_read_by_its_name_and_named_in_places(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text('{"a": 1}')
    document = read_file(file)
    assert (document.data, document.place(("a",))) == ({"a": 1}, Place(("a",), str(file), 1, 7))


@pytest.mark.parametrize("name", ["c.toml", "c", ".yaml", "c.yaml.bak"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("a: 1")
    problem = only(problems(lambda: read_file(file)))
    assert (problem.code, problem.place) == ("unknown_file_type", Place((), str(file)))


def test_a_file_that_is_not_there_is_a_diagnostic(tmp_path: Path) -> None:
    problem = only(problems(lambda: read_file(tmp_path / "none.yaml")))
    assert (problem.code, problem.place) == ("file_not_found", Place((), str(tmp_path / "none.yaml")))


def test_a_file_that_cannot_be_read_is_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    assert only(problems(lambda: read_file(tmp_path / "folder.json"))).code == "file_unreadable"
    assert only(problems(lambda: read_file("nul\0.yaml"))).code == "file_unreadable"


def test_a_file_too_large_is_not_read_whole(tmp_path: Path) -> None:
    os.symlink("/dev/zero", tmp_path / "endless.yaml")
    small = Size(text_bytes=1_000, values=100)
    assert only(problems(lambda: read_file(tmp_path / "endless.yaml", size=small))).code == "text_too_large"


def test_the_error_survives_pickling_as_workers_raise_it() -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml("a: yes")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), copy.diagnostics) == (DocumentError, caught.value.diagnostics)


def test_every_code_of_the_table_is_expected_by_a_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert len(CODES) == 21
    assert sorted(code for code in CODES if f'"{code}"' not in source) == []


# Anything at all


def problems_or_data(text: str | bytes, read: Read) -> Document | None:
    """A Document, or None after a refusal that is fit to be shown; anything else escapes."""
    try:
        return read(text)
    except DocumentError as error:
        refusal = error
    assert {each.code for each in refusal.diagnostics} <= CODES
    assert 1 <= len(refusal.diagnostics) <= 1_001
    assert str(refusal)
    return None


def plain_values(data: object) -> Iterator[object]:
    yield data
    if isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from plain_values(each)


def assert_sound(document: Document | None) -> None:
    if document is not None:
        values = list(plain_values(document.data))
        assert {type(each) for each in values} <= {dict, list, str, int, Decimal, bool, type(None)}
        assert len(document.places) == len(values)


def assert_alike(text: str) -> None:
    """JSON is YAML, so that each reader is the other's oracle, for data and for places."""
    as_json, as_yaml = read_json(text), read_yaml(text)
    assert repr(as_json.data) == repr(as_yaml.data)
    assert list(as_json.places.items()) == list(as_yaml.places.items())
    assert list(as_json.key_places.items()) == list(as_yaml.key_places.items())


PIECES = [
    *AMBIGUOUS, *"[]{}:,-?&*!|>'\"%@`#\\ \t\n\r\0\x85\u2028\ufeff\ud800雪😀",
    ": ", "- ", "? ", "\n  ", "---\n", "...\n", "&a ", "*a", "!!int ", "!<x> ", "%TAG ! x\n", "<<: ", "\r\n",
    '"\\u', '"\\ud83d\\ude00"', '"\\0"', "1e3", "NaN", "9" * 41, "null", "true", "12.50", '"a"', '"a": 1',
    "2026-11-10", "[" * 60, "{" * 30,
]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """The text with a few stretches of it replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 9)))
        text = text[:start] + draw(pieces) + text[end:]
    return text


characters = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff")
texts = st.text(characters) | st.sampled_from(AMBIGUOUS)
numbers = st.integers(-(10**38), 10**38) | st.decimals(-(10**9), 10**9, places=2)
trees = st.recursive(
    numbers | texts | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
).filter(lambda data: data is not None)


def as_json(data: object, gap: str) -> str:
    """JSON of exact numbers, with `gap` between tokens."""
    if isinstance(data, dict):
        entries = [f"{json.dumps(key, ensure_ascii=False)}:{gap}{as_json(data[key], gap)}" for key in data]
        return f"{{{gap}{f',{gap}'.join(entries)}}}"
    if isinstance(data, list):
        return f"[{f',{gap}'.join(as_json(each, gap) for each in data)}{gap}]"
    return f"{data:f}" if isinstance(data, Decimal) else json.dumps(data, ensure_ascii=False)


def as_block_yaml(data: object, indent: str = "") -> str:
    """YAML of blocks, one entry a line."""
    if isinstance(data, dict) and data:
        keys = {key: json.dumps(key, ensure_ascii=False) for key in data}
        return "".join(f"\n{indent}? {keys[key]}\n{indent}: {as_block_yaml(data[key], indent + '  ')}" for key in data)
    if isinstance(data, list) and data:
        return "".join(f"\n{indent}- {as_block_yaml(each, indent + '  ')}" for each in data)
    return as_json(data, "")


@given(st.binary())
def test_any_bytes_are_a_document_or_refused(text: bytes) -> None:
    assert_sound(problems_or_data(text, read_yaml))
    assert_sound(problems_or_data(text, read_json))


@given(st.text() | pieces)
@example("\ud800")
@example('"\\')
def test_any_text_is_a_document_or_refused(text: str) -> None:
    assert_sound(problems_or_data(text, read_yaml))
    assert_sound(problems_or_data(text, read_json))


@given(mutated(CAMPAIGN))
def test_a_spoilt_campaign_is_a_document_or_refused(text: str) -> None:
    assert_sound(problems_or_data(text, read_yaml))


@given(mutated(json.dumps(yaml.safe_load(CAMPAIGN), indent=1)))
def test_spoilt_json_is_a_document_or_refused(text: str) -> None:
    assert_sound(problems_or_data(text, read_json))
    assert_sound(problems_or_data(text, read_yaml))


@given(mutated(CAMPAIGN))
def test_the_pure_loader_lets_no_other_error_through_either(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_yaml, "LOADER", yaml.SafeLoader)
        assert_sound(problems_or_data(text, read_yaml))


@given(trees, st.sampled_from([" ", "\n", " \n  "]))
def test_json_read_as_yaml_gives_the_same_data_at_the_same_places(data: object, gap: str) -> None:
    text = as_json(data, gap)
    assert repr(read_json(text).data) == repr(data)
    assert_alike(text)


@given(trees)
def test_yaml_in_blocks_and_json_of_the_same_data_agree(data: object) -> None:
    assert repr(read_yaml(as_block_yaml(data)).data) == repr(read_json(as_json(data, "")).data)
