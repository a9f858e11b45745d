"""What the README promises holds. Its Python is run with that of the other pages, in `test_blocks`."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_readme_holds_python_to_paste() -> None:
    assert blocks("python")


def test_the_two_commands_of_the_readme_are_the_ones_that_are_checked() -> None:
    lines = "".join(blocks("sh")).splitlines()
    commands = [line.partition("#")[0].rstrip() for line in lines if "dev.py" in line]
    assert ["python3 dev.py example", "python3 dev.py test"] == commands
    checked = re.findall(r"^for task in (.*); do$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert [["check", "example", "instructions", "test"]] == [tasks.split() for tasks in checked]
