"""A real ``manage.py receive_hl7``, and senders who talk to it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hl7

from scoring.laboratory.framing import framed
from tests.faults.conftest import Ward, until
from tests.scripts.conftest import CHECKOUT


class Line:
    """One connection of a sender."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection((host, port))
        self._received = b""

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: Any) -> None:
        self._socket.close()

    def put(self, raw: bytes) -> None:
        """Bytes as they are, unframed."""
        self._socket.sendall(raw)

    def send(self, text: str, codec: str = "utf-8") -> str:
        """A message; the code of its answer (MSA-1)."""
        self.put(framed(text.encode(codec)))
        return self.code(codec)

    def code(self, codec: str = "utf-8") -> str:
        """The code of the next answer."""
        return str(self.answer(codec).segment("MSA")[1])

    def answer(self, codec: str = "utf-8") -> Any:
        """The next answer, parsed. Raises ConnectionError where the line is closed."""
        while b"\x1c\r" not in self._received:
            part = self._socket.recv(65_536)
            if not part:
                raise ConnectionError
            self._received += part
        message, _end, self._received = self._received.partition(b"\x1c\r")
        assert message.startswith(b"\x0b")
        return hl7.parse(message[1:].decode(codec))

    def is_closed(self) -> bool:
        """Wait until the other side ends the line; whether it did so without an answer."""
        try:
            return self._socket.recv(1) == b""
        except ConnectionError:
            return True


class Listening:
    """The command, on a port of its own."""

    def __init__(self, ward: Ward, log: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.ward = ward
        self.log = log
        self._environment = ward.environment(
            RBP_HL7_LISTEN=f"127.0.0.1:{self.port}", RBP_TIME_ZONE="Asia/Shanghai", **settings
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        begun = "Listening for laboratory messages"
        before = self.log.read_text().count(begun) if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "receive_hl7"],
                cwd=CHECKOUT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        until(lambda: self.log.read_text().count(begun) > before, begun, self.process)

    def kill(self) -> None:
        """``kill -9``."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def line(self) -> Line:
        """A new connection."""
        return Line(self.port)


@contextmanager
def listening(ward: Ward, folder: Path, **settings: str) -> Iterator[Listening]:
    """The command until the end of the block."""
    listener = Listening(ward, folder / "hl7.log", **settings)
    listener.start()
    try:
        yield listener
    finally:
        listener.kill()
