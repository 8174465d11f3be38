"""Shipping: sealed lines leave the database once and in order, and catch up after a failure."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from scoring import actions
from scoring.actions import log_ship
from scoring.models import AuditEvent, AuditSeal, AuditShipment
from scoring.models.audit_digest import GONE
from tests import cast
from tests.audit import logbook

inside = pytest.mark.usefixtures("db", "within_the_test")


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    """A file as the destination; its folder is there."""
    path = tmp_path / "logs" / "access-log.jsonl"
    path.parent.mkdir()
    settings.AUDIT_SHIP = f"jsonl:{path}"
    return path


def _daemon(path: Path) -> socket.socket:
    """A syslog daemon's socket."""
    daemon = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    daemon.settimeout(5)
    daemon.bind(str(path))
    return daemon


@pytest.fixture
def address(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A socket as the destination; nobody listens yet. Its path is short enough for Linux."""
    monkeypatch.chdir(tmp_path)
    path = Path("log")
    monkeypatch.setattr(log_ship, "_syslog_address", lambda target: target)
    settings.AUDIT_SHIP = f"syslog:{path}"
    return path


def _received(daemon: socket.socket, count: int) -> list[dict[str, Any]]:
    """So many datagrams: priority authpriv.info, who speaks, one JSON object."""
    datagrams = [daemon.recv(70_000).decode("ascii") for _ in range(count)]
    assert {each.partition("{")[0] for each in datagrams} == {"<86>rbp-risk: "}
    return [json.loads(each.removeprefix("<86>rbp-risk: ")) for each in datagrams]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


def _ids(path: Path) -> list[int]:
    return [each["id"] for each in _lines(path) if each["kind"] == "event"]


@inside
def test_everything_about_a_line_is_shipped(file: Path) -> None:
    assessment = cast.recorded()
    actions.seal_waiting()
    assert actions.ship_seals()
    *events, seal = _lines(file)
    event = AuditEvent.objects.get(action=AuditEvent.Action.ASSESSMENT_RECORDED)
    assert events[-1] == {
        "kind": "event",
        "id": event.pk,
        "at": event.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "actor": "alice",
        "actor_name": "Dr Alice Moore",
        "action": "assessment_recorded",
        "patient_id": str(assessment.patient_id),
        "hospital_number": "H100234",
        "assessment_id": str(assessment.pk),
        "address": None,
        "detail": {"record": event.detail["record"]},
        "seal": 1,
        "digest": event.digest,
    }
    kept = AuditSeal.objects.get()
    assert (seal["kind"], seal["number"], seal["digest"]) == ("seal", 1, kept.digest)
    assert (seal["events"], seal["events_total"]) == (len(events), len(events))


@inside
def test_each_seal_once_and_in_order(file: Path) -> None:
    one, two = logbook.sealed(2, 1)
    assert actions.ship_seals()
    three = logbook.sealed(1)[0]
    assert actions.ship_seals()
    assert actions.ship_seals()
    shipped = [each.get("id", -each.get("number", 0)) for each in _lines(file)]
    assert shipped == [*one, -1, *two, -2, *three, -3]
    assert file.stat().st_mode & 0o777 == 0o600


@inside
def test_what_the_database_forgot_is_not_written_to_the_file_again(file: Path) -> None:
    logbook.sealed(2, 1)
    actions.ship_seals()
    before = _lines(file)
    # PostgreSQL ended after the lines were written and before it committed that they were.
    AuditShipment.objects.update(seal_number=0)
    ((line,),) = logbook.sealed(1)
    assert actions.ship_seals()
    added = _lines(file)[len(before) :]
    assert _lines(file)[: len(before)] == before
    assert [each.get("id") for each in added] == [line, None]


@inside
@pytest.mark.parametrize("end", ["[1]\n", "no JSON\n", '{"kind": "event", "digest": "a"}\n'])
def test_a_file_that_ends_with_anything_else_gets_everything(file: Path, end: str) -> None:
    file.write_text(end)
    ((line,),) = logbook.sealed(1)
    assert actions.ship_seals()
    added = file.read_text().removeprefix(end).splitlines()
    assert [json.loads(each).get("id") for each in added] == [line, None]


@inside
def test_what_waits_for_a_seal_is_not_shipped_yet(file: Path) -> None:
    logbook.written(2)
    assert actions.ship_seals()
    assert not file.exists()


@inside
def test_without_a_destination_nothing_is_shipped(settings: Settings) -> None:
    settings.AUDIT_SHIP = ""
    logbook.sealed(1)
    assert actions.ship_seals()
    assert not AuditShipment.objects.exists()


@inside
def test_a_file_that_cannot_be_written_is_caught_up_with(file: Path) -> None:
    file.parent.rmdir()
    ids = logbook.sealed(1, 2)
    with pytest.raises(FileNotFoundError):
        actions.ship_seals()
    file.parent.mkdir()
    ids += logbook.sealed(1)
    assert actions.ship_seals()
    assert _ids(file) == list(chain(*ids))


@inside
def test_half_a_line_left_by_a_full_disk_spoils_no_other(file: Path) -> None:
    file.write_text('{"kind": "event", "id"')
    ((line,),) = logbook.sealed(1)
    assert actions.ship_seals()
    half, *whole = file.read_text().splitlines()
    assert half == '{"kind": "event", "id"'
    assert [json.loads(each).get("id") for each in whole] == [line, None]


@inside
def test_a_rotated_file_begins_anew(file: Path) -> None:
    logbook.sealed(1)
    actions.ship_seals()
    file.rename(file.with_suffix(".1"))
    ((line,),) = logbook.sealed(1)
    actions.ship_seals()
    assert [each.get("id") for each in _lines(file)] == [line, None]


@inside
def test_a_new_destination_gets_everything(file: Path, settings: Settings, tmp_path: Path) -> None:
    ids = logbook.sealed(1, 1)
    actions.ship_seals()
    settings.AUDIT_SHIP = f"jsonl:{tmp_path / 'second.jsonl'}"
    actions.ship_seals()
    assert _ids(file) == list(chain(*ids))
    assert _lines(tmp_path / "second.jsonl") == _lines(file)


@inside
def test_a_line_gone_before_its_seal_is_shipped_as_gone(file: Path) -> None:
    (gone,) = logbook.written()
    logbook.tamper(f"DELETE FROM scoring_auditevent WHERE id = {gone}")
    actions.seal_waiting()
    actions.ship_seals()
    event, _ = _lines(file)
    assert event == {"kind": "event", "id": gone, "seal": 1, "digest": GONE}


@inside
def test_syslog_gets_every_line(address: Path) -> None:
    with _daemon(address) as daemon:
        ((one, two),) = logbook.sealed(2)
        assert actions.ship_seals()
        assert [each.get("id") for each in _received(daemon, 3)] == [one, two, None]


@inside
def test_a_syslog_daemon_that_is_away_is_caught_up_with(address: Path) -> None:
    ((one,),) = logbook.sealed(1)
    with pytest.raises(OSError, match="No such file"):
        actions.ship_seals()
    with _daemon(address) as daemon:
        assert actions.ship_seals()
        assert _received(daemon, 2)[0]["id"] == one
    # Gone again: its socket's file is still there.
    ((two,),) = logbook.sealed(1)
    with pytest.raises(ConnectionRefusedError):
        actions.ship_seals()
    address.unlink()
    with _daemon(address) as daemon:
        assert actions.ship_seals()
        assert _received(daemon, 2)[0]["id"] == two


@inside
def test_a_syslog_daemon_that_reads_no_more_holds_nobody_up(
    address: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_ship, "_SEND_SECONDS", 0.05)
    # More than a socket's queue takes.
    ((*ids,),) = logbook.sealed(600)
    with _daemon(address) as daemon:
        with pytest.raises(OSError, match=r"timed out|temporarily unavailable"):
            actions.ship_seals()
        assert not AuditShipment.objects.filter(seal_number__gt=0).exists()
        # It reads again: everything comes, some of it for the second time.
        got: list[dict[str, Any]] = []
        reader = threading.Thread(target=lambda: got.extend(_until_seal(daemon, 1)))
        reader.start()
        assert actions.ship_seals()
        reader.join()
    assert {each["id"] for each in got if each["kind"] == "event"} == set(ids)


def _until_seal(daemon: socket.socket, number: int) -> Iterator[dict[str, Any]]:
    while True:
        (content,) = _received(daemon, 1)
        yield content
        if content.get("number") == number:
            return


@inside
def test_a_detail_too_long_for_syslog_is_left_out_there(address: Path) -> None:
    with _daemon(address) as daemon:
        logbook.written(1, text="x" * 20_000)
        actions.seal_waiting()
        assert actions.ship_seals()
        event, _ = _received(daemon, 2)
    assert event["detail"] == {"left_out_bytes": 20_000 + len('{"text": "", "found": 0}')}
    assert event["digest"] == AuditEvent.objects.get().digest


@inside
def test_datagrams_to_another_computer(settings: Settings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(5)
        settings.AUDIT_SHIP = f"syslog:udp://127.0.0.1:{daemon.getsockname()[1]}"
        ((line,),) = logbook.sealed(1)
        assert actions.ship_seals()
        assert _received(daemon, 2)[0]["id"] == line


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/dev/log", "/dev/log"),
        ("udp://log.hospital.example:1514", ("log.hospital.example", 1514)),
        ("udp://log.hospital.example", ("log.hospital.example", 514)),
    ],
)
def test_syslog_addresses(target: str, expected: object) -> None:
    assert log_ship._syslog_address(target) == expected


@pytest.mark.django_db(transaction=True)
def test_one_process_ships_at_a_time(file: Path) -> None:
    logbook.sealed(1)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        log_ship._lock()
        assert not pool.submit(actions.ship_seals).result()
        pool.submit(lambda: connection.close()).result()
    assert not file.exists()
    assert actions.ship_seals()
    assert len(_lines(file)) == 2
    assert os.listdir(file.parent) == [file.name]
