"""Every code that the library can refuse with is one that a test in this folder provokes.

What the tests provoke is read off their tables and sources: a code is tested where it stands in a table of YAML, or as
a string in a test. The command line's own codes are tested with the command line.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from promoengine.money import AmountErrorCode
from promoengine.validation import CODES

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src" / "promoengine"
MAKERS = frozenset({"report", "refuse", "Diagnostic", "Fault"})
"""Whoever makes a diagnostic, or what becomes one, takes its code first."""
PUT_TOGETHER = {"unknown_{}": {"unknown_promotion", "unknown_group"}}
"""Codes that the source puts together: `rewarded_by` checks its promotions and its groups in one function."""
WORD = re.compile(r"[a-z][a-z0-9_]+")


def codes_of_the_source() -> set[str]:
    found = set(CODES.values()) | set(get_args(AmountErrorCode))
    for file in sorted(SOURCE.rglob("*.py")):
        if "cli" not in file.relative_to(SOURCE).parts:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            found.update(code for call in calls(tree) for code in words(call.args[0], tree))
    return found


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and name_of(node.func) in MAKERS:
            yield node


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def words(value: ast.expr, tree: ast.AST) -> Iterator[str]:
    """The codes that an expression can be. A name stands for whatever its file assigns to it."""
    if isinstance(value, ast.Constant):
        yield str(value.value)
    elif isinstance(value, ast.IfExp):
        yield from words(value.body, tree)
        yield from words(value.orelse, tree)
    elif isinstance(value, ast.JoinedStr):
        pattern = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in value.values)
        yield from PUT_TOGETHER[pattern]
    elif isinstance(value, ast.Name):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and any(name_of(target) == value.id for target in node.targets):
                yield from words(node.value, tree)


def codes_of_the_tests() -> set[str]:
    tables = [WORD.findall(file.read_text(encoding="utf-8")) for file in HERE.glob("*.yaml")]
    strings = [
        WORD.findall(node.value)
        for file in HERE.glob("test_*.py")
        if file.name != Path(__file__).name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {word for found in (*tables, *strings) for word in found}


def test_every_code_of_the_source_is_provoked_by_a_test() -> None:
    assert [] == sorted(codes_of_the_source() - codes_of_the_tests())


def test_the_walk_finds_codes_however_they_are_made() -> None:
    written_out, chosen, put_together = "empty_window", "limit_exceeded", "unknown_promotion"
    of_a_table, of_money, of_reading = "unknown_kind", "float_amount", "ambiguous_scalar"
    assert {written_out, chosen, put_together, of_a_table, of_money, of_reading} <= codes_of_the_source()
