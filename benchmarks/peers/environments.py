"""What the rivals are installed into: a virtual environment and a folder of npm's, outside what is committed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PYTHON_PACKAGES = ("django-oscar==4.2.1", "Django==5.2.19", "zen-engine==2.1.3")
NODE_PACKAGES = {
    "@medusajs/framework": "2.21.2",
    "@medusajs/promotion": "2.21.2",
    "json-rules-engine": "7.3.1",
}
LEAST_NODE = 20
NO_NODE = f"The rivals in JavaScript need npm and Node.js {LEAST_NODE} or newer; Debian has both."


def python_of(folder: Path) -> str:
    """A Python that has the packages of Python."""
    place = folder / "python"
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = place / "ready"
    if not _is(stamp, "\n".join(PYTHON_PACKAGES)):
        _say(f"installing {', '.join(PYTHON_PACKAGES)}")
        _run(sys.executable, "-m", "venv", "--clear", str(place))
        _run(str(python), "-m", "pip", "--quiet", "--quiet", "--disable-pip-version-check", "install", *PYTHON_PACKAGES)
        stamp.write_text("\n".join(PYTHON_PACKAGES), encoding="utf-8")
    return str(python)


def node_of(folder: Path) -> tuple[str, Path]:
    """Node.js, and the folder that has the packages of npm: they are installed without running scripts of theirs."""
    node, npm = _node_and_npm()
    place = folder / "node"
    wanted = json.dumps({"private": True, "dependencies": NODE_PACKAGES}, indent=1)
    if not _is(place / "ready", wanted):
        _say(f"installing {', '.join(f'{name}@{version}' for name, version in NODE_PACKAGES.items())}")
        place.mkdir(parents=True, exist_ok=True)
        (place / "package.json").write_text(wanted, encoding="utf-8")
        _run(npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(place))
        (place / "ready").write_text(wanted, encoding="utf-8")
    return node, place


def _node_and_npm() -> tuple[str, str]:
    """The machine's own; where it has none, Debian's packages of them, for whoever may install these."""
    if not _has_node() and shutil.which("apt-get") and os.geteuid() == 0:
        _run("apt-get", "install", "--yes", "--no-install-recommends", "nodejs", "npm")
    if not _has_node():
        sys.exit(NO_NODE)
    return str(shutil.which("node")), str(shutil.which("npm"))


def _has_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    return int(version.strip().removeprefix("v").partition(".")[0]) >= LEAST_NODE


def _is(stamp: Path, text: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == text


def _run(*command: str) -> None:
    if subprocess.run(command).returncode:
        sys.exit(f"this failed: {' '.join(command)}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
