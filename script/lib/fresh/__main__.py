"""Make a folder, try everything in namespaces of its own, remove the folder in every case.

Whatever is mounted or started belongs to a mount and a process namespace that end with the
command, however it ends: nothing stays mounted, and no process stays behind.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from script.lib.abort import Abort, run
from script.lib.fresh.bare import RELEASES
from script.lib.fresh.journey import try_everything

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TRIES = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Try one release; the exit code is 0 when everything went as the README says."""
    parser = argparse.ArgumentParser(
        prog="script/fresh", description="Try the README's two commands on a bare Debian."
    )
    parser.add_argument(
        "release", nargs="?", choices=RELEASES, default=RELEASES[-1], help="default: %(default)s"
    )
    parser.add_argument(
        "--with-tests", action="store_true", help="all of script/test instead of a part"
    )
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.folder:
        try_everything(chosen.release, chosen.folder, with_tests=chosen.with_tests)
        return 0
    if os.geteuid() != 0:
        raise Abort(
            "script/fresh makes a system in a folder, which only root may do: sudo script/fresh"
        )
    _ensure_debootstrap()
    for number in _ENDING:
        signal.signal(number, _end)
    folder = Path(tempfile.mkdtemp(prefix="rbp-fresh-"))
    try:
        return _run_apart([chosen.release, *(["--with-tests"] * chosen.with_tests)], folder)
    finally:
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)
        _remove(folder)
        print(f"Removed {folder} and everything that ran in it.", flush=True)


def _run_apart(arguments: Sequence[str], folder: Path) -> int:
    """Run this command again in namespaces of its own; its exit code."""
    command = [
        *("setpriv", "--pdeathsig", "KILL"),
        *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *(sys.executable, "-m", "script.lib.fresh", *arguments, "--in", str(folder)),
    ]
    # A session of its own: the terminal's Ctrl-C reaches this process alone, which ends that one.
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return child.wait()
    finally:
        child.kill()
        child.wait()


def _remove(folder: Path) -> None:
    """Remove the folder; processes that are being ended may still write for a moment."""
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.2)
    shutil.rmtree(folder)


def _ensure_debootstrap() -> None:
    if shutil.which("debootstrap"):
        return
    print("Installing the Debian package debootstrap, which makes a bare system.", flush=True)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "debootstrap"]
    for attempt in (command, ["apt-get", "update", "-qq"], command):
        done = subprocess.run(attempt, stdout=subprocess.DEVNULL, check=False)
        if attempt is command and done.returncode == 0:
            return
    raise Abort("debootstrap could not be installed. Install it by hand and try again.")


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    run(main)
