"""Laboratory messages over a line: MLLP, on one port, until it is stopped.

One thread keeps messages, one after the other, each in its transaction; only then is it answered.
Where the database does not answer, neither does this: the connection is closed, and the sender
sends the message again.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from uuid import uuid4

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from scoring import actions, health, queries
from scoring.entry import Origin
from scoring.laboratory.acknowledgement import acknowledgement
from scoring.laboratory.framing import Frames, TooLongError, framed
from scoring.laboratory.identifiers import Rules

# A message that has begun is here within this time, and its answer taken.
_MESSAGE_SECONDS = 60.0
_READ_BYTES = 65_536
# How often the listener shows that it runs, and takes over the ward's time zone.
_SHOW_SECONDS = 5.0
# PostgreSQL ends the session of a listener that shows nothing for so long.
_SILENT_SECONDS = 20
# What is being kept when the listener is stopped is answered first.
_GRACE_SECONDS = 10.0

_logger = logging.getLogger(__name__)


def site_rules() -> Rules:
    """What this site configured, with the ward's time zone."""
    queries.ward_settings().activate_time_zone()
    return Rules(
        zone=timezone.get_current_timezone(),
        authority=settings.HL7_PATIENT_AUTHORITY,
        identifier_type=settings.HL7_PATIENT_ID_TYPE,
        codes=settings.HL7_CODES,
    )


@dataclass
class Keeper:
    """Keeps messages and words their answers. All of it runs in one thread of its own."""

    _rules: Rules | None = None
    _shown_by: object = None

    def show(self) -> bool:
        """Hold the lock by which doctor and pages see that a listener runs; False without tables.

        Never raises: what the database can't do now is tried again.
        """
        try:
            if self._shown_by is None and health.schema_problem():
                return False
            self._rules = site_rules()
            if self._shown_by is not connection.connection:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_lock_shared(%s)", [health.LISTENER_LOCK])
                    cursor.execute(f"SET idle_session_timeout = '{_SILENT_SECONDS}s'")
                self._shown_by = connection.connection
        except Error as error:
            _logger.warning("The database does not answer: %s", type(error).__name__)
            connection.close()
            return False
        return True

    def end(self) -> None:
        """Let go of the lock and the database."""
        connection.close()

    def answer(self, raw: bytes, address: str) -> bytes | None:
        """Keep a message; its answer, b"" where none is wanted, None where it is not kept."""
        try:
            receipt = actions.receive_message(
                by=None,
                raw=raw,
                rules=self._rules or site_rules(),
                origin=Origin(address=address),
            )
        # Whatever it is, one message must not end the receiver.
        except Exception as error:
            # Not the error's text: it could quote the message.
            name = type(error).__name__
            _logger.warning("A message is not kept, so that it is sent again: %s", name)
            connection.close()
            return None
        if receipt.refused is not None:
            _logger.warning("A message from %s is refused: %s", address, receipt.refused.refusal)
        text = acknowledgement(
            receipt.header,
            refused=receipt.refused,
            at=timezone.localtime(),
            control_id=uuid4().hex[:20],
        )
        return text.encode(receipt.codec, "replace")


@dataclass
class Listener:
    """The port, and who is connected to it."""

    keeper: Keeper = field(default_factory=Keeper)
    _connected: set["asyncio.Task[None] | None"] = field(default_factory=set)
    _busy: set["asyncio.Task[None] | None"] = field(default_factory=set)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        """End soon; what is being kept is answered first."""
        self._stop.set()

    async def run(self) -> None:
        """Listen until ``stop`` is called."""
        host, _colon, port = settings.HL7_LISTEN.rpartition(":")
        loop = asyncio.get_running_loop()
        while not await loop.run_in_executor(self._thread, self.keeper.show):
            if await self._is_stopped_within(1.0):
                return
        server = await asyncio.start_server(self._serve, host.strip("[]"), int(port))
        _logger.info("Listening for laboratory messages at %s.", settings.HL7_LISTEN)
        while not await self._is_stopped_within(_SHOW_SECONDS):
            await loop.run_in_executor(self._thread, self.keeper.show)
        server.close()
        for task in self._connected - self._busy:
            if task is not None:
                task.cancel()
        if pending := [task for task in self._connected if task is not None]:
            await asyncio.wait(pending, timeout=_GRACE_SECONDS)
        await loop.run_in_executor(self._thread, self.keeper.end)

    async def _is_stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return False
        return True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = _plain_address(writer.get_extra_info("peername")[0])
        task = asyncio.current_task()
        why = self._refusal(address)
        try:
            if why:
                _logger.warning("The connection from %s is closed: %s", address, why)
                return
            self._connected.add(task)
            await self._exchange(reader, writer, address)
        except TooLongError:
            _logger.warning(
                "The connection from %s is closed: a message has over %s kB (RBP_HL7_MAX_KB).",
                *(address, settings.HL7_MAX_KB),
            )
        except TimeoutError:
            _logger.info("The connection from %s is closed: nothing came for too long.", address)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._connected.discard(task)
            self._busy.discard(task)
            writer.close()

    def _refusal(self, address: str) -> str:
        if not any(ip_address(address) in network for network in _senders()):
            return "it is not among RBP_HL7_SENDERS."
        if len(self._connected) >= settings.HL7_CONNECTIONS:
            return f"{settings.HL7_CONNECTIONS} are open already (RBP_HL7_CONNECTIONS)."
        return ""

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str
    ) -> None:
        """Answer messages until the sender goes, or one can't be kept."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        frames = Frames(settings.HL7_MAX_KB * 1024)
        began: float | None = None
        while not self._stop.is_set():
            until = loop.time() + settings.HL7_IDLE_SECONDS
            if frames.is_open:
                began = began or loop.time()
                until = began + _MESSAGE_SECONDS
            async with asyncio.timeout_at(until):
                received = await reader.read(_READ_BYTES)
            if not received:
                if frames.is_open:
                    _logger.warning("The line from %s ended within a message.", address)
                return
            messages = frames.feed(received)
            if frames.cut_off:
                _logger.warning("A message from %s was cut off: the next began.", address)
                began, frames.cut_off = None, 0
            for raw in messages:
                began = None
                self._busy.add(task)
                answer = await loop.run_in_executor(self._thread, self.keeper.answer, raw, address)
                if answer is None:
                    return
                if answer:
                    writer.write(framed(answer))
                    async with asyncio.timeout(_MESSAGE_SECONDS):
                        await writer.drain()
                self._busy.discard(task)


def _senders() -> list[IPv4Network | IPv6Network]:
    return [ip_network(each) for each in settings.HL7_SENDERS]


def _plain_address(text: str) -> str:
    """An IPv4 address as such, also where the port takes both kinds."""
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
