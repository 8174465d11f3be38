"""How a command ends when it can't go on: with a sentence, never a traceback."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM)


class Abort(Exception):  # noqa: N818 - it carries a sentence for the user, no fault
    """The command can't go on; the message says why and what to do."""


def end_at_signals() -> None:
    """From now on Ctrl-C or SIGTERM ends the process in order, with 128 and its number.

    A second one does nothing.
    """
    for number in _ENDING:
        signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    for each in _ENDING:
        ignore(each)
    sys.exit(128 + number)


def ignore(number: signal.Signals) -> None:
    """From now on the signal does nothing.

    Not by SIG_IGN: Python prints an error of its own where the signal is on its way already.
    """
    signal.signal(number, _do_nothing)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    pass


def run(main: Callable[[], int]) -> None:
    """Run a command and exit with its code; an ``Abort`` prints its sentence and exits with 1."""
    try:
        code = main()
    except Abort as reason:
        print(reason, file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
