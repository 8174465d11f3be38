"""How passwords are hashed: by Argon2id, one at a time in each process, behind the ward's pages.

A hash takes time and memory on purpose. Whoever guesses passwords must not take both from the ward:
few requests wait for their turn, for a while; the others are told to come again. Meanwhile a
request leaves its slot of the database to the ward's pages, and a hash leaves them the processor.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher

from scoring.http.causes import Cause, NotAvailableError
from scoring.http.slots import outside_the_database

_AT_ONCE = 1
_WAIT_SECONDS = 5.0
# Of 19: with others at work, a hash gets about a tenth of a processor.
_NICENESS = 10

_P = ParamSpec("_P")
_T = TypeVar("_T")


class PasswordTurns:
    """The requests of this process that hash a password, and those that wait for it."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._turns = threading.BoundedSemaphore(at_once)

    def refuse_if_full(self) -> None:
        """Raise NotAvailableError where too many wait already, before anything is done."""
        if not self._places.acquire(blocking=False):
            raise NotAvailableError(Cause.PASSWORDS_BUSY)
        self._places.release()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hash within it. Raises NotAvailableError where too many wait, or for too long."""
        if not self._places.acquire(blocking=False):
            raise NotAvailableError(Cause.PASSWORDS_BUSY)
        try:
            if not self._turns.acquire(timeout=_WAIT_SECONDS):
                raise NotAvailableError(Cause.PASSWORDS_BUSY)
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


# A quarter of the threads may wait: the others stay with the ward's pages.
turns = PasswordTurns(_AT_ONCE, max(settings.THREADS // 4, 1))


def in_its_turn(work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What ``work`` returns, which hashes: in its turn, and with less right to the processor.

    A thread can't take its niceness back, so each hash has one of its own. They come one after the
    other and use the same memory; in the threads of the requests each of these would keep 19 MiB.
    """
    hashed: Future[_T] = Future()

    def run() -> None:
        # For Linux a thread's own.
        os.nice(_NICENESS)
        try:
            hashed.set_result(work(*args, **kwargs))
        except BaseException as error:
            hashed.set_exception(error)

    thread = threading.Thread(target=run, name="password")
    with outside_the_database(), turns.turn():
        thread.start()
        thread.join()
    return hashed.result()


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).

    Django hashes a password with other values anew when its user signs in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """A new hash, in its turn."""
        return in_its_turn(super().encode, password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether a password fits a hash, in its turn."""
        return in_its_turn(super().verify, password, encoded)


class PBKDF2(PBKDF2PasswordHasher):
    """For hashes of a computer without Argon2; Django replaces them when their user signs in."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """A hash, in its turn; ``verify`` makes one, too."""
        return in_its_turn(super().encode, password, salt, iterations)
