"""The command ``script/server``: data folder, PostgreSQL, site and the processes beside it."""

import argparse
import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from types import FrameType

from rbpsite.data_folder import data_folder
from script.lib import in_use
from script.lib.abort import Abort, ignore, run
from script.lib.cluster import Cluster
from script.lib.folders import CHECKOUT, ensure_secret_key, prepare_data_folder, read_env_file
from script.lib.postgres import say_started

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# How often one looks whether PostgreSQL and the processes beside the site still run.
_WATCH_SECONDS = 2.0
# What is under way in the background when the site stops is short.
_GRACE_SECONDS = 10.0
_STOPPING = b"Stopping: requests under way are answered first, for up to 10 seconds.\n"
_PR_SET_PDEATHSIG = 1
# It holds a password that the site must not have.
_OWNER = "DATABASE_OWNER_URL"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal comes; the exit code is the one of the site's own process."""
    parser = argparse.ArgumentParser(prog="script/server", description="Serve RBP risk.")
    parser.add_argument("--demo", action="store_true", help="a ward of synthetic patients to try")
    parser.add_argument(
        "--port", type=partial(_number, most=65_535), default=8000, help="default: 8000"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to serve, default: 127.0.0.1")
    parser.add_argument(
        "--workers",
        type=partial(_number, most=64),
        default=2,
        help="processes that serve, default: 2",
    )
    chosen = parser.parse_args(arguments)

    _check_port(chosen.host, chosen.port)
    if chosen.host not in _LOOPBACK:
        print(f"Caution: {chosen.host} serves other computers without encryption. Put a server")
        print("with TLS in front of it: see docs/installation.md. Other computers reach it only")
        print("under the names in RBP_ALLOWED_HOSTS.", flush=True)
    read_env_file()
    for number in _ENDING:
        signal.signal(number, _end)
    # In production the settings ask for the secret key and the database, and say so.
    if os.environ.get("RBP_MODE", "") not in {"", "local"}:
        prepare_data_folder()
        return _serve(chosen, lock=None)
    if os.environ.get("DATABASE_URL"):
        ensure_secret_key(prepare_data_folder())
        return _serve(chosen, lock=None)
    cluster = Cluster()
    with _private_postgres(cluster) as lock:
        return _serve(chosen, lock=lock, cluster=cluster)


def _number(text: str, most: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {most}")
    return int(text)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As gunicorn does: a port that was closed a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            advice = "Choose another address or port with --host and --port."
            if reason.errno == errno.EADDRINUSE:
                advice = (
                    "If RBP risk runs there already, just open it in the browser; otherwise "
                    f"choose another port: script/server --port {port + 1}"
                )
            raise Abort(
                f"Port {port} of {host} can't be used: {reason.strerror}. {advice}"
            ) from reason


@contextlib.contextmanager
def _private_postgres(cluster: Cluster) -> Iterator[int]:
    """Keep the private PostgreSQL running; the last server to end stops it.

    Yields the descriptor of the lock that says so.
    """
    folder = prepare_data_folder(None if cluster.account.is_me else cluster.account.gid)
    ensure_secret_key(folder)
    lock = in_use.lock_of(folder)
    try:
        in_use.share(lock)
        say_started(cluster)
        yield lock
    finally:
        for number in _ENDING:
            ignore(number)
        if not in_use.is_alone(lock):
            print("PostgreSQL goes on: another script/server or script/backup uses it.")
        elif cluster.stop():
            print("PostgreSQL has stopped; the data are safe.")
        os.close(lock)


def _serve(chosen: argparse.Namespace, lock: int | None, cluster: Cluster | None = None) -> int:
    """Run the site's own process until it ends; what should end us ends it first."""
    prepare = [sys.executable, "-m", "script.lib.prepare", *(["--demo"] if chosen.demo else [])]
    prepared = subprocess.run(prepare, cwd=CHECKOUT, preexec_fn=_end_with_parent, check=False)
    if prepared.returncode != 0:
        return prepared.returncode
    os.environ.pop(_OWNER, None)
    command = [sys.executable, "-m", "script.lib.site", "--host", chosen.host]
    command += ["--port", str(chosen.port), "--workers", str(chosen.workers)]
    site: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, frame: FrameType | None) -> None:
        if site is None:
            raise SystemExit(128 + number)
        # Always TERM: on it gunicorn answers the requests it has and ends. A browser that holds a
        # connection open without a request delays that by five seconds.
        site.send_signal(signal.SIGTERM)
        # No print: the signal may have come in the middle of one.
        os.write(sys.stdout.fileno(), _STOPPING)

    for number in _ENDING:
        signal.signal(number, pass_on)
    # It holds the lock too: should we be killed, PostgreSQL still counts as in use.
    site = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        pass_fds=() if lock is None else (lock,),
        preexec_fn=_end_with_parent,
    )
    beside = [ProcessBeside("background")]
    if os.environ.get("RBP_HL7_LISTEN"):
        beside.append(ProcessBeside("receive_hl7"))
    try:
        code = _watch(site, beside, cluster)
        if code < 0:
            print(
                f"The site was killed ({signal.strsignal(-code)}). Start it again: script/server",
                file=sys.stderr,
                flush=True,
            )
        return code
    finally:
        for each in beside:
            each.stop()


class ProcessBeside:
    """The process of a command of manage.py; what it says goes to a log in the data folder."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def keep_running(self) -> None:
        """Start it where it does not run: not yet, or not any more."""
        if self._process is not None and self._process.poll() is None:
            return
        with (data_folder() / "logs" / f"{self._command}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", self._command],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # The terminal's Ctrl-C is for the site: what that logs last is sealed, too.
                process_group=0,
                preexec_fn=_behind_the_site,
            )

    def stop(self) -> None:
        """End it; a process that hangs is killed."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _end_with_parent() -> None:
    """Have Linux send SIGTERM to a child when the process that started it is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _behind_the_site() -> None:
    """Let the site have the processor first, above all while it starts."""
    os.nice(10)
    _end_with_parent()


def _watch(
    site: "subprocess.Popen[bytes]", beside: Sequence[ProcessBeside], cluster: Cluster | None
) -> int:
    """Wait for the site's end; what ends by itself beside it is started again."""
    failed = False
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return site.wait(_WATCH_SECONDS)
        for each in beside:
            each.keep_running()
        if cluster is None or not cluster.has_crashed():
            continue
        try:
            if cluster.start():
                print("PostgreSQL had ended by itself and was started again.", flush=True)
            failed = False
        except Abort as reason:
            if not failed:
                print(f"PostgreSQL has ended by itself. {reason}", file=sys.stderr)
                print("It is tried again and again.", file=sys.stderr, flush=True)
            failed = True


def _end(number: int, frame: FrameType | None) -> None:
    """Turn a signal that comes while things are still being prepared into an orderly end."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    run(main)
