"""The command ``script/bench --laboratory``: messages taken against what commits alone allow.

In turns: a sender whose messages a real ``manage.py receive_hl7`` takes over its socket, on one
processor, and a bare connection that inserts the same bytes and commits, one after the other. Each
message is acknowledged before the next is sent.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import django
import psycopg2
from django.core.management import call_command
from django.db import connection

from script.lib.abort import Abort, run
from script.lib.folders import CHECKOUT

_MESSAGE = "\r".join(
    (
        "MSH|^~\\&|XN|LAB|RBP|WARD|20261127091500||ORU^R01|{number}|P|2.5.1||||||GB 18030-2000",
        "PID|1||B{number}^^^HIS^MR||王^秀兰||19440714|F",
        "OBR|1||S{number}|CBC^血常规|||20261127080000",
        *(f"OBX|{n}|NM|{n}-1^OTHER^LN||{n}.0|10*9/L|||||F" for n in range(1, 24)),
        "OBX|24|NM|32207-3^PDW^LN||12.4|fL|9.0-17.0|N|||F|||||||XN-1000",
        "",
    )
)
_START_SECONDS = 60
_numbers = count(1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a list in Markdown."""
    parser = argparse.ArgumentParser(prog="script/bench --laboratory")
    parser.add_argument("--messages", type=int, default=300, help="in each turn")
    parser.add_argument("--repeat", type=int, default=5, help="turns")
    chosen = parser.parse_args(arguments)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ["RBP_HL7_LISTEN"] = f"127.0.0.1:{port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    with _listening(port) as pid:
        _send(port, 20)
        before = _processor_seconds(pid)
        turns = [
            (
                _per_second(chosen.messages, _commit),
                _per_second(chosen.messages, lambda n: _send(port, n)),
                _per_second(chosen.messages, lambda n: _send_by_four(port, n)),
            )
            for _ in range(chosen.repeat)
        ]
        seconds = _processor_seconds(pid) - before
    bare, one, four = (statistics.median(column) for column in zip(*turns, strict=True))
    print(f"- Commits of the same bytes, one connection: {bare:.0f} a second.")
    each_ms = 1000 * seconds / (2 * chosen.messages * chosen.repeat)
    print(
        f"- Processor of the receiver: {each_ms:.1f} ms a message, {1000 / each_ms:.0f} a second."
    )
    print(f"- Messages of one sender: {one:.0f} a second, {one / bare:.2f} of the commits.")
    print(f"- Messages of four senders: {four:.0f} a second, {four / bare:.2f} of the commits.")
    return 0


@contextmanager
def _listening(port: int) -> Iterator[int]:
    """The command on one processor, until the end of the block; its process."""
    one = {min(os.sched_getaffinity(0))}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "receive_hl7"],
        cwd=CHECKOUT,
        preexec_fn=lambda: os.sched_setaffinity(0, one),
    )
    try:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionError:
                if process.poll() is not None or time.monotonic() > until:
                    raise Abort("manage.py receive_hl7 does not listen.") from None
                time.sleep(0.1)
            else:
                break
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _processor_seconds(pid: int) -> float:
    """What a process has used of a processor: utime and stime of proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _per_second(messages: int, work: Callable[[int], None]) -> float:
    begun = time.perf_counter()
    work(messages)
    return messages / (time.perf_counter() - begun)


def _framed(number: int) -> bytes:
    return b"\x0b" + _MESSAGE.format(number=number).encode("gb18030") + b"\x1c\r"


def _commit(messages: int) -> None:
    """Insert and commit each message by itself."""
    parameters = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    plain = psycopg2.connect(**{name: parameters.get(name) for name in names})
    with plain.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_messages (raw bytea)")
        plain.commit()
        for number in range(messages):
            cursor.execute("INSERT INTO bench_messages VALUES (%s)", [_framed(number)])
            plain.commit()
    plain.close()


def _send(port: int, messages: int) -> None:
    """One message after the other, each once the one before is acknowledged."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        for _ in range(messages):
            line.sendall(_framed(next(_numbers)))
            answer = b""
            while not answer.endswith(b"\x1c\r"):
                part = line.recv(4096)
                if not part:
                    raise Abort("The line was closed.")
                answer += part
            if b"MSA|AA|" not in answer:
                raise Abort(f"A message was not taken: {answer!r}")


def _send_by_four(port: int, messages: int) -> None:
    with ThreadPoolExecutor(4) as senders:
        for sent in [senders.submit(_send, port, messages // 4) for _ in range(4)]:
            sent.result()


if __name__ == "__main__":
    run(main)
