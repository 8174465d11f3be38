"""``script/bootstrap``: what it says where something can't be put in place."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.scripts.conftest import CHECKOUT


def test_without_internet_it_says_where_to_read_on(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    shutil.copy(CHECKOUT / "script/bootstrap", tmp_path / "script")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / ".venv/bin/pip").touch()
    python = tmp_path / ".venv/bin/python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o700)
    done = subprocess.run(
        [tmp_path / "script/bootstrap"],
        env={**os.environ, "DATABASE_URL": "postgresql://db.hospital.example/rbp"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    section = 'docs/installation.md, "Without internet"'
    assert section in done.stderr
    assert "\n## Without internet\n" in (CHECKOUT / "docs/installation.md").read_text()
    assert not (tmp_path / ".venv/site.installed").exists()
