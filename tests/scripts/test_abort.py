"""How a command ends: what can't be seen from outside."""

import os
import signal

from script.lib.abort import ignore


def test_an_ignored_signal_does_nothing() -> None:
    """By a handler: with SIG_IGN, Python prints an error for a signal that is on its way."""
    before = signal.getsignal(signal.SIGUSR1)
    try:
        ignore(signal.SIGUSR1)
        os.kill(os.getpid(), signal.SIGUSR1)
        assert callable(signal.getsignal(signal.SIGUSR1))
        assert signal.getsignal(signal.SIGUSR1) != signal.SIG_IGN
    finally:
        signal.signal(signal.SIGUSR1, before)
