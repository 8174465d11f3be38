"""Under which account the private PostgreSQL runs: PostgreSQL refuses to run as root."""

import contextlib
import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from script.lib.abort import Abort

# A program and its arguments.
Command = Sequence[str | Path]

# "nobody" serves only where Debian's packages, which bring "postgres", can't be installed.
_ORDINARY_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class SystemAccount:
    """An account of the operating system and whether the command already runs under it."""

    name: str
    uid: int
    gid: int

    @classmethod
    def for_server(cls, existing: Path) -> Self:
        """The owner of an existing database folder, else a suitable ordinary account.

        Raises ``Abort`` when root finds no ordinary account.
        """
        if os.geteuid() != 0:
            return cls(_name(os.geteuid()), os.geteuid(), os.getegid())
        if existing.exists() and existing.stat().st_uid != 0:
            owner = existing.stat()
            return cls(_name(owner.st_uid), owner.st_uid, owner.st_gid)
        for name in _ORDINARY_ACCOUNTS:
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(name, entry.pw_uid, entry.pw_gid)
        raise Abort(
            "PostgreSQL refuses to run as root, and this machine has neither the account "
            '"postgres" nor "nobody". Create one: adduser --system --group postgres'
        )

    @property
    def is_me(self) -> bool:
        """Whether the command itself runs under this account."""
        return self.uid == os.geteuid()

    def run(
        self,
        command: Command,
        *,
        text: str = "",
        keep_output: bool = True,
        timeout_seconds: float,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL under this account, out of reach of the terminal's Ctrl-C.

        ``text`` is what the program reads. The output of a program that leaves a server behind
        can't be kept: the server would hold the pipe open.
        """
        output = subprocess.PIPE if keep_output else subprocess.DEVNULL
        return subprocess.run(
            [str(part) for part in command],
            input=text,
            stdout=output,
            stderr=subprocess.STDOUT if keep_output else subprocess.DEVNULL,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            timeout=timeout_seconds,
            start_new_session=True,
            user=None if self.is_me else self.uid,
            group=None if self.is_me else self.gid,
            extra_groups=None if self.is_me else [],
        )

    def may_enter(self, folder: Path) -> bool:
        """Whether this account can reach what is in the folder."""
        return self.is_me or self.run(["test", "-x", folder], timeout_seconds=10).returncode == 0

    def own(self, folder: Path) -> None:
        """Give the folder to this account and close it to everybody else."""
        folder.chmod(0o700)
        if not self.is_me:
            os.chown(folder, self.uid, self.gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
