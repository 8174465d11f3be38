"""``script/bootstrap``: when it makes .venv, and what it says where it can't go on."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.scripts.conftest import CHECKOUT

# A Python that has pip and can't install anything; one that has not even pip.
OFFLINE, WITHOUT_PIP = '[ "$1" = -c ]', "false"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ("script", "path", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(CHECKOUT / "script/bootstrap", tmp_path / "script")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / ".venv/bin/pip").touch()
    return tmp_path


def program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o700)


def bootstrap(checkout: Path) -> subprocess.CompletedProcess[str]:
    """It can't come to its end: there is nothing to install from."""
    path = f"{checkout / 'path'}:{os.environ['PATH']}"
    url = "postgresql://db.hospital.example/rbp"
    done = subprocess.run(
        [checkout / "script/bootstrap"],
        env={**os.environ, "PATH": path, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert not (checkout / ".venv/site.installed").exists()
    return done


def test_without_internet_it_says_where_to_read_on(checkout: Path) -> None:
    program(checkout / ".venv/bin/python", OFFLINE)
    done = bootstrap(checkout)
    assert "Making .venv" not in done.stdout
    assert 'docs/installation.md, "Without internet"' in done.stderr
    assert "\n## Without internet\n" in (CHECKOUT / "docs/installation.md").read_text()


def test_packages_of_a_former_python_are_made_anew(checkout: Path) -> None:
    """As after an upgrade of Debian: .venv/bin/python is the newer one, which has none."""
    program(checkout / ".venv/bin/python", WITHOUT_PIP)
    program(checkout / "path/python3", f'[ "$1" = -c ] || echo "$@" >{checkout / "made"}')
    assert "Making .venv" in bootstrap(checkout).stdout
    assert (checkout / "made").read_text() == "-m venv --clear .venv\n"
