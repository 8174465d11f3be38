"""Bare Debian systems in folders, with nothing of the host but how it reaches its packages."""

import configparser
import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from script.lib.abort import Abort
from script.lib.folders import CHECKOUT
from script.lib.fresh.steps import Running, say

RELEASES = ("bookworm", "trixie")
HOME = Path("/opt/rbp-risk")
_PACKAGES = "git,python3,ca-certificates"
_SOURCES = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"]
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_PIP_FILES = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")
# How the host reaches package servers; nothing else of its environment is taken along.
_KEPT = re.compile(r"PIP_.*|.*_proxy|.*_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|.*_CA_BUNDLE")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class System:
    """A Debian in a folder, with a checkout in /opt/rbp-risk that belongs to ``user``."""

    folder: Path
    user: str

    @classmethod
    def make(cls, folder: Path, release: str) -> Self:
        """A system made by debootstrap: minbase with git, python3 and ca-certificates.

        Raises ``Abort`` when debootstrap fails.
        """
        sources = _sources(release)
        mirror = next(address for address, suite, _ in sources if suite == release)
        command = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", release]
        with (folder.parent / "debootstrap.log").open("w+") as log:
            done = subprocess.run(
                [*command, str(folder), mirror], stdout=log, stderr=log, check=False
            )
            if done.returncode:
                log.seek(0)
                raise Abort(f"debootstrap failed:\n{log.read()[-2000:]}")
        made = cls(folder, "root")
        made._take_along(sources)
        return made

    def copy(self, folder: Path, user: str) -> Self:
        """The same system once more, with the checkout's HEAD for this account."""
        subprocess.run(["cp", "-a", "--reflink=auto", self.folder, folder], check=True)
        made = type(self)(folder, user)
        made._mount()
        if user != "root":
            made.run(f"useradd --create-home --shell /bin/bash {user}", user="root")
        checkout = folder / HOME.relative_to("/")
        subprocess.run(["git", "clone", "-q", f"file://{CHECKOUT}", str(checkout)], check=True)
        made.run(f"chown -R {user}: {HOME}", user="root")
        return made

    def start(self, command: str, *, user: str = "") -> Running:
        """Start a shell command in the checkout."""
        user = user or self.user
        home = "/root" if user == "root" else f"/home/{user}"
        environment = {"PATH": _PATH, "HOME": home, "USER": user, "LANG": "C.UTF-8", **_kept()}
        where = HOME if (self.folder / HOME.relative_to("/")).exists() else Path("/")
        return Running(
            [
                *("chroot", f"--userspec={user}:{user}", str(self.folder)),
                *("/usr/bin/env", f"--chdir={where}", "/bin/bash", "-c", command),
            ],
            environment,
        )

    def run(self, command: str, *, user: str = "") -> str:
        """Run a command, show what it says as it says it; what it said.

        Raises ``Abort`` unless its exit code is 0.
        """
        running = self.start(command, user=user)
        code = running.wait()
        if code:
            raise Abort(f"{command} ended with exit code {code}.")
        return running.text

    def _take_along(self, sources: list[tuple[str, str, str]]) -> None:
        """Where the host's packages come from, and the certificates it trusts."""
        apt = self.folder / "etc" / "apt"
        lines = [f"deb {' '.join(source)}\n" for source in sources]
        (apt / "sources.list").write_text("".join(lines))
        (apt / "apt.conf.d" / "90host").write_text(_acquire())
        for path in ("/etc/resolv.conf", "/etc/hosts", str(_CERTIFICATES)):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(path, self.folder / path.lstrip("/"))
        pip = _pip()
        with (self.folder / "etc" / "pip.conf").open("w") as file:
            pip.write(file)

    def _mount(self) -> None:
        mounts = [("proc", "proc"), ("sysfs", "sys"), ("devpts", "dev/pts"), ("tmpfs", "dev/shm")]
        for kind, where in mounts:
            point = self.folder / where
            point.mkdir(exist_ok=True)
            subprocess.run(["mount", "-t", kind, kind, str(point)], check=True)
        for path in _local_packages(_pip()):
            point = self.folder / str(path).lstrip("/")
            point.mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", "--bind", "-o", "ro", str(path), str(point)], check=True)


def _sources(release: str) -> list[tuple[str, str, str]]:
    """The host's sources of Debian packages, for another release: address, suite, component."""
    said = subprocess.run(_SOURCES, capture_output=True, text=True, check=True).stdout
    found: dict[tuple[str, str, str], None] = {}
    for line in said.splitlines():
        address, suite, component = line.split()
        former = suite.partition("-")[0].partition("/")[0]
        if former in RELEASES:
            found[(address, suite.replace(former, release), component)] = None
    if not any(suite == release for _, suite, _ in found):
        raise Abort(
            f"This computer's apt has no source of {' or '.join(RELEASES)}, which a bare system "
            "could be made from. Add one to /etc/apt/sources.list.d and try again."
        )
    return list(found)


def _acquire() -> str:
    """How the host's apt fetches: proxies, certificates, time-outs."""
    said = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    lines = [line for line in said.splitlines() if line.startswith("Acquire::")]
    return "".join(f"{line}\n" for line in lines if "IndexTargets" not in line)


def _pip() -> configparser.ConfigParser:
    """The host's configuration of pip, of the computer and of this account."""
    pip = configparser.ConfigParser(interpolation=None)
    pip.read([Path(name).expanduser() for name in _PIP_FILES])
    return pip


def _local_packages(pip: configparser.ConfigParser) -> Iterator[Path]:
    """The folders of this computer that pip takes packages from."""
    values = [value for section in pip.values() for value in section.values()]
    values += [os.environ.get("PIP_FIND_LINKS", "")]
    for word in dict.fromkeys(" ".join(values).split()):
        path = Path(word.removeprefix("file://"))
        # An index of file:// may name files in the folder beside it.
        path = path.parent if path.name == "simple" else path
        if path.is_absolute() and path.is_dir():
            yield path


def _kept() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if _KEPT.fullmatch(name)}


def say_made(system: System) -> None:
    """Say what the bare system is."""
    name = re.search(r'PRETTY_NAME="(.*)"', (system.folder / "etc" / "os-release").read_text())
    count = len(list((system.folder / "var/lib/dpkg/info").glob("*.list")))
    say(f"{name[1] if name else 'Debian'}, {count} packages")
