"""The examples for a server: they run what the fault tests run, and their parts fit together."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import GUNICORN
from tests.scripts.conftest import CHECKOUT

DEPLOY = CHECKOUT / "docs" / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
INSTALLED = "/opt/rbp-risk"


def test_unit_and_container_start_what_the_fault_tests_break() -> None:
    command = " ".join(["-m", *GUNICORN])
    unit = (DEPLOY / "rbp-risk.service").read_text()
    assert f"ExecStart={INSTALLED}/.venv/bin/python {command}\n" in unit
    assert f"exec .venv/bin/python {command}" in (DEPLOY / "Dockerfile").read_text()


def test_the_container_has_the_packages_of_bootstrap() -> None:
    bootstrap = (CHECKOUT / "script" / "bootstrap").read_text()
    site = bootstrap.split("declare -A reasons=(")[1].split("\n)")[0]
    packages = re.findall(r"\[([\w.-]+)\]=", site)
    assert packages
    words = set((DEPLOY / "Dockerfile").read_text().split())
    assert set(packages) <= words


def test_every_path_of_an_example_exists() -> None:
    for path in [*UNITS, DEPLOY / "Dockerfile", DEPLOY / "compose.yaml"]:
        text = path.read_text()
        named = re.findall(rf"{INSTALLED}/([\w./-]+)", text)
        named += re.findall(r"docs/[\w./-]+\.\w+", text)
        for each in named:
            if not each.startswith(".venv"):
                assert (CHECKOUT / each).exists(), (path.name, each)


def test_examples_name_settings_that_there_are() -> None:
    known = set(re.findall(r"^(\w+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))
    # The passwords of the roles that the container's database is made with.
    known |= {"RBP_DB_PASSWORD", "RBP_DB_SITE_PASSWORD"}
    for path in DEPLOY.iterdir():
        assert set(re.findall(r"\bRBP_[A-Z0-9_]+", path.read_text())) <= known, path.name


def test_whatever_ships_the_log_may_write_where_the_example_ships_it() -> None:
    ships = [
        unit for unit in UNITS if re.search("manage.py (seal_log|background)", unit.read_text())
    ]
    assert len(ships) == 2
    for unit in ships:
        assert "\nLogsDirectory=rbp-risk\n" in unit.read_text(), unit.name


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_reads_the_units_without_complaint(tmp_path: Path) -> None:
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(INSTALLED, str(CHECKOUT)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_check_of_the_container_fails_without_a_site() -> None:
    done = subprocess.run(
        [sys.executable, DEPLOY / "healthcheck.py"],
        env={"RBP_BIND": "127.0.0.1:9", "RBP_ALLOWED_HOSTS": "rbp.hospital.example"},
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
