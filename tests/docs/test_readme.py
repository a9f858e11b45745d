"""What the README shows is run, so that it cannot go stale."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_readme_holds_python_to_paste():
    assert blocks("python")


@pytest.mark.parametrize("code", blocks("python"))
def test_python_in_the_readme_runs_from_the_root_of_the_repository(code: str):
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (0, "") == (ran.returncode, ran.stderr)
    assert ran.stdout


def test_the_two_commands_of_the_readme_are_the_ones_that_are_checked():
    lines = "".join(blocks("sh")).splitlines()
    commands = [line.partition("#")[0].rstrip() for line in lines if "dev.py" in line]
    assert ["python3 dev.py example", "python3 dev.py test"] == commands
    checked = re.findall(r"^for task in (.*); do$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert [["check", "example", "test"]] == [tasks.split() for tasks in checked]
