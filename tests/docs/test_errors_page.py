"""Every diagnostic code that the source can give is on the page with its hint, and no code that is gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from promoengine.errors import Diagnostic
from promoengine.hints import HINTS
from promoengine.money import AmountErrorCode
from promoengine.validation import CODES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "promoengine"
MAKERS = {"report", "refuse", "Diagnostic", "Fault"}
"""Whoever makes a diagnostic, or what becomes one, takes its code first."""
MADE_OF_PARTS = {"unknown_{}": {"unknown_promotion", "unknown_group"}}
"""Codes that the source puts together: `rewarded_by` checks its promotions and its groups in one function."""
CODE = re.compile(r"[a-z][a-z0-9_]*\Z")


def rows() -> list[tuple[str, str]]:
    """The code and what to do about it: the first and the last cell of every row of the page's tables of codes."""
    tables = re.findall(r"^\| code \|.*?(?=\n\n|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return [row for table in tables for row in re.findall(r"^\| `([a-z0-9_]+)` \|.*\| (.+) \|$", table, re.MULTILINE)]


def documented() -> list[str]:
    return [code for code, _ in rows()]


def given() -> set[str]:
    """Every code in the source."""
    found = set(CODES.values()) | set(get_args(AmountErrorCode))
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in [tree, *[node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]]:
            for call in own_calls(function):
                found.update(codes_of(call.args[0], function))
    return found


def own_calls(function: ast.AST) -> Iterator[ast.Call]:
    """Calls that make a diagnostic, in a function and not in one inside it."""
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.Call) and name_of(node.func) in MAKERS and node.args:
            yield node
        yield from own_calls(node)


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def codes_of(value: ast.expr, function: ast.AST) -> Iterator[str]:
    """The codes that an expression can be; a name is looked up where its function assigns it."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        assert CODE.match(value.value), f"{value.value!r} is no code"
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from codes_of(value.body, function)
        yield from codes_of(value.orelse, function)
    elif isinstance(value, ast.BoolOp):
        for each in value.values:
            yield from codes_of(each, function)
    elif isinstance(value, ast.JoinedStr):
        pattern = "".join([str(part.value) if isinstance(part, ast.Constant) else "{}" for part in value.values])
        yield from MADE_OF_PARTS[pattern]
    elif isinstance(value, ast.Name):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and any(name_of(target) == value.id for target in node.targets):
                yield from codes_of(node.value, function)


def test_every_code_of_the_source_is_on_the_page() -> None:
    assert [] == sorted(given() - set(documented()))


def test_every_code_on_the_page_is_in_the_source() -> None:
    assert [] == sorted(set(documented()) - given())


def test_no_code_stands_on_the_page_twice() -> None:
    assert sorted(set(documented())) == sorted(documented())


def test_the_page_says_what_to_do_in_the_words_of_the_diagnostics() -> None:
    assert rows() == [*HINTS.items()]


def test_a_diagnostic_says_what_to_do_about_its_code_unless_it_is_told_better() -> None:
    assert HINTS["empty_window"] == Diagnostic("empty_window", "this window ends before it begins").hint
    assert "look here" == Diagnostic("empty_window", "this window ends before it begins", hint="look here").hint
    assert "" == Diagnostic("a_code_of_another_package", "something is wrong").hint
