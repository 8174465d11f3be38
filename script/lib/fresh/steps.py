"""Steps with their durations, and commands whose output is shown with the time it came."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from script.lib.abort import Abort

_BEGAN = time.monotonic()


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


@dataclass
class Steps:
    """What was done and how long it took, as a table at the end."""

    rows: list[tuple[str, str]] = field(default_factory=list)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announce a step and time it."""
        say(f"\n== {name}")
        began = time.monotonic()
        how = "failed after "
        try:
            yield
            how = ""
        finally:
            self.add(name, f"{how}{time.monotonic() - began:.1f} s")

    def add(self, name: str, value: str) -> None:
        """A row of the table."""
        self.rows.append((name, value))

    def print(self) -> None:
        """The whole table."""
        width = max(len(name) for name, _ in self.rows)
        say("\n== What was done")
        for name, value in self.rows:
            say(f"{name:<{width}}  {value:>12}")
        say(f"{'Altogether':<{width}}  {time.monotonic() - _BEGAN:10.1f} s")


@dataclass(frozen=True)
class PrintedLine:
    """A line a command printed, and how many seconds after its start."""

    seconds: float
    text: str


class Running:
    """A command that runs, without a terminal; what it prints is shown as it comes."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.lines: list[PrintedLine] = []
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        """What it printed so far."""
        return "".join(f"{line.text}\n" for line in self.lines)

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.began

    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process.poll() is not None

    def wait(self) -> int:
        """Wait for its end; its exit code."""
        code = self._process.wait()
        self._reader.join()
        return code

    def press_ctrl_c(self) -> None:
        """Send the signal to every process of the command, as a terminal does.

        Raises ``Abort`` unless it ends well.
        """
        os.killpg(self._process.pid, signal.SIGINT)
        if code := self.wait():
            raise Abort(f"The server ended with exit code {code} after Ctrl-C.")

    def _read(self) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as output:
            for text in output:
                line = PrintedLine(self.seconds, text.rstrip("\n"))
                self.lines.append(line)
                say(f"  {line.seconds:6.1f} s | {line.text}")
