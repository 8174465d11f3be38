"""What lies beside a backup: its checksum, whose it is, and what has to be in it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from script.lib.abort import Abort

FORMAT = 1
# What is not kept: who is signed in, and reports that were made. After a restore everybody signs in
# again, and reports are made again.
NOT_KEPT = ("django_session", "scoring_keptreport")
_AT_ONCE = 1024 * 1024

_TABLES = (
    "select relname from pg_class where relkind in ('r', 'p')"
    " and relnamespace = 'public'::regnamespace order by relname"
)


@dataclass(frozen=True)
class Manifest:
    """Of one backup; all of it but patients' data."""

    format: int
    made_at: str
    version: str
    postgresql_major: int
    migrations: list[str]
    rows: dict[str, int]
    # An anchor; number and digest alone where version 0.1 wrote it.
    last_seal: str
    bytes: int
    sha256: str
    is_encrypted: bool

    @classmethod
    def read(cls, backup: Path) -> "Manifest":
        """The manifest of a backup. Raises ``Abort`` where it is missing or of another kind."""
        path = beside(backup)
        try:
            content = json.loads(path.read_text())
            manifest = cls(**content)
        except FileNotFoundError as reason:
            raise Abort(
                f"{path} is missing: without it nobody knows if the backup is whole."
            ) from (reason)
        except (ValueError, TypeError) as reason:
            raise Abort(f"{path} can't be read as the manifest of a backup.") from reason
        if manifest.format != FORMAT:
            raise Abort(f"{path} was written by another version of RBP risk: use that one.")
        return manifest

    def text(self) -> str:
        """As it is written."""
        return json.dumps(asdict(self), indent=2) + "\n"


def beside(backup: Path) -> Path:
    """Where the manifest of a backup is."""
    return backup.with_name(f"{backup.name}.json")


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def tables(cursor: Any) -> list[str]:
    """The tables of the site, by name."""
    cursor.execute(_TABLES)
    return [name for (name,) in cursor.fetchall()]


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def row_counts(cursor: Any) -> dict[str, int]:
    """How many rows each table holds that a backup keeps."""
    counts = {}
    for name in tables(cursor):
        if name not in NOT_KEPT:
            cursor.execute(f"select count(*) from {quoted(name)}")  # noqa: S608 - quoted
            counts[name] = int(cursor.fetchone()[0])
    return counts


def migrations(cursor: Any) -> list[str]:
    """What was applied to the tables, as app.name."""
    cursor.execute("select app || '.' || name from django_migrations order by 1")
    return [name for (name,) in cursor.fetchall()]
