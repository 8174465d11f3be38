"""``manage.py receive_hl7``: messages over a real socket, limits, and what a killed process leaves.

The messages are made up in the shapes of analyzers and laboratory systems.
"""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import hl7.client
import pytest

from scoring.laboratory.framing import framed
from tests.faults.conftest import LAST_RESORT_SECONDS, Ward, acknowledged, until
from tests.faults.laboratory import Listening, listening
from tests.laboratory.messages import CHLORIDE, PID, SERUM, message, obx, oru

_LISTENERS = """
    select pid from pg_locks where locktype = 'advisory' and (classid, objid) = (0, 16255185)
    and granted
"""
_RESULTS = """
    select r.predictor, r.value::float, r.unusable, r.device
    from scoring_laboratoryresult r where r.hospital_number = '{}' order by r.id
"""


@pytest.fixture(scope="module")
def listener(ward: Ward, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    """One that the tests of this file share."""
    with listening(ward, tmp_path_factory.mktemp("hl7")) as listener:
        yield listener


def pid(number: str) -> str:
    return PID.replace("H1042", number)


def test_messages_as_they_are_sent(listener: Listening) -> None:
    sysmex = "\r".join(
        (
            "MSH|^~\\&|XN-1000^00-16|||LIS|20261127081500||ORU^R01|1127-17|P|2.5.1||||||UTF-8",
            "PID|1||SYS1^^^^MR||^||19461203|F",
            "OBR|1||S-17|CBC^Blood count^L|||20261127080000",
            "OBX|1|NM|777-3^PLT^LN||201|10*3/uL|||||F",
            "OBX|2|NM|32207-3^PDW^LN||11.0|fL|9.5-17.2|N|||F|||||||XN-1000^00-16",
            "OBX|3|NM|PDW_RESEARCH||10.7|fL|||||F",
        )
    )
    mindray = "\n".join(
        (
            "MSH|^~\\&|BC-5380||||20261127082000||ORU^R01|3|P|2.3.1||||||UNICODE",
            "PID|1||MIN1^^^^MR",
            "OBR|1||3|00001^Automated Count^99MRC||20261127080500",
            "OBX|9|IS|01002^Ref Group^99MRC||General||||||F",
            "OBX|20|NM|32207-3^PDW^LN||15.4||15.0-17.0|N|||F",
            "",
        )
    )
    lis = message(
        "PID|1||310101194612031234^^^CN^NI~LIS1^^^HIS^MR||李^秀兰||19461203|F",
        "OBR|1|A7|B7|0101^血常规|||20261127073000||||||||BLD^全血",
        obx("2028^血小板分布宽度^99LIS", "12,6", "fL", "9,0-17,0", kind="ST"),
        "OBR|2|A8|B8|0203^电解质|||20261127073000||||||||SER^血清",
        obx("0112^氯^99LIS", "103.5", "mmol/L", "99-110", device="生化仪2"),
        obx("0113^钾^99LIS", "4.1", "mmol/L", "3.5-5.3"),
        sender="检验信息系统",
        charset="GB 18030-2000",
        processing="P^T",
    )
    with hl7.client.MLLPClient("127.0.0.1", listener.port) as client:
        for text in (sysmex, mindray):
            assert b"MSA|AA|" in client.send_message(text)
    with listener.line() as line:
        # Two identifiers, and none of them is configured here.
        assert line.send(lis, "gb18030") == "AE"
        single = lis.replace("310101194612031234^^^CN^NI~", "")
        line.put(framed(single.replace("|1|P^T", "|2|P^T").encode("gb18030")))
        answer = line.answer("gb18030")
    assert str(answer.segment("MSA")[1]) == "AA"
    assert str(answer.segment("MSH")[5]) == "检验信息系统"
    rows = {name: listener.ward.query(_RESULTS.format(name)) for name in ("SYS1", "MIN1", "LIS1")}
    assert rows == {
        "SYS1": [("pdw_fl", 11.0, "", "XN-1000")],
        "MIN1": [("pdw_fl", None, "range_gsd", "BC-5380")],
        "LIS1": [
            ("pdw_fl", 12.6, "", "检验信息系统"),
            ("chloride_mmol_l", 103.5, "", "生化仪2"),
        ],
    }


def test_bytes_come_as_they_like_and_answers_in_their_order(listener: Listening) -> None:
    first = oru(obx(), patient=pid("CUT1"), control_id="31", version="2.5.1")
    second = oru(CHLORIDE, SERUM, patient=pid("CUT1"), control_id="32", answers="AL|NE")
    third = oru(obx("1-1^X^LN"), patient=pid("CUT1"), control_id="33", version="2.5.1")
    stream = b"\x02" + framed(first.encode()) + b"\n\x02" + framed(second.encode())
    with listener.line() as line:
        for at in range(0, len(stream), 7):
            line.put(stream[at : at + 7])
        line.put(framed(third.encode()) + b"\x02")
        answers = [line.answer() for _ in range(3)]
    told = [tuple(str(field) for field in answer.segment("MSA")[1:]) for answer in answers]
    assert told == [("AA", "31"), ("CA", "32"), ("AE", "33")]
    assert str(answers[2].segment("ERR")[3]) == "103^Table value not found^HL70357"


def test_a_message_that_was_cut_off_and_begun_anew_is_answered_as_the_new_one(
    listener: Listening,
) -> None:
    first = oru(obx(value="11"), patient=pid("ANEW1"), control_id="34")
    second = oru(obx(value="12"), patient=pid("ANEW2"), control_id="35")
    with listener.line() as line:
        line.put(b"\x0b" + first[:-30].encode() + framed(second.encode()))
        answer = line.answer()
        assert [str(field) for field in answer.segment("MSA")[1:]] == ["AA", "35"]
        line.put(b"\x0b" + first[:-30].encode())
    assert listener.ward.query(_RESULTS.format("ANEW1")) == []
    assert [row[1] for row in listener.ward.query(_RESULTS.format("ANEW2"))] == [12.0]
    until(lambda: "ended within a message" in listener.log.read_text(), "the end of the line")
    assert "was cut off: the next began" in listener.log.read_text()


def test_what_is_no_message_gets_an_answer_too(listener: Listening) -> None:
    with listener.line() as line:
        assert line.send("hello") == "AR"
        assert line.send("MSH|") == "AR"
        line.put(framed(oru(obx()).encode("utf-16")))
        assert line.code() == "AR"


def test_limits(ward: Ward, tmp_path: Path) -> None:
    limits = {"RBP_HL7_CONNECTIONS": "2", "RBP_HL7_MAX_KB": "16", "RBP_HL7_IDLE_SECONDS": "1"}
    with listening(ward, tmp_path, **limits) as listener:
        with listener.line() as line:
            line.put(b"\x0bMSH|" + b"x" * 17_000)
            assert line.is_closed()
        with listener.line() as idle:
            assert idle.is_closed()
        with listener.line() as one, listener.line() as two:
            assert one.send(oru(obx(), control_id="41")) == "AA"
            assert two.send(oru(obx(), control_id="42")) == "AA"
            with listener.line() as third:
                assert third.is_closed()
    said = listener.log.read_text()
    assert said.count("is closed") >= 3
    assert "RBP_HL7_MAX_KB" in said
    assert "RBP_HL7_CONNECTIONS" in said
    assert "H1042" not in said


def test_only_those_who_may_are_heard(ward: Ward, tmp_path: Path) -> None:
    with (
        listening(ward, tmp_path, RBP_HL7_SENDERS="192.0.2.0/28") as listener,
        listener.line() as line,
    ):
        line.put(framed(oru(obx(), control_id="51").encode()))
        assert line.is_closed()
    assert "it is not among RBP_HL7_SENDERS" in listener.log.read_text()


def test_it_shows_that_it_runs_and_ends_in_order(ward: Ward, tmp_path: Path) -> None:
    before = ward.query(_LISTENERS)
    with listening(ward, tmp_path) as listener, listener.line() as line:
        assert len(ward.query(_LISTENERS)) == len(before) + 1
        assert line.send(oru(obx(), control_id="61")) == "AA"
        assert listener.process is not None
        listener.process.send_signal(signal.SIGTERM)
        assert listener.process.wait(LAST_RESORT_SECONDS) == 0
        assert line.is_closed()
    assert ward.query(_LISTENERS) == before
    assert "Traceback" not in listener.log.read_text()


def test_without_the_database_nothing_is_acknowledged(ward: Ward, tmp_path: Path) -> None:
    text = oru(obx(), patient=pid("DOWN1"), control_id="71")
    with listening(ward, tmp_path) as listener:
        with listener.line() as line:
            assert line.send(oru(obx(), control_id="70")) == "AA"
            ward.private.must("stop")
            line.put(framed(text.encode()))
            assert line.is_closed()
        ward.private.must("start")
        with listener.line() as line:
            assert line.send(text) == "AA"
        until(lambda: bool(ward.query(_LISTENERS)), "the lock")
        assert listener.process is not None
        assert listener.process.poll() is None
    assert len(ward.query(_RESULTS.format("DOWN1"))) == 1
    assert "Traceback" not in listener.log.read_text()


def _sends_on(
    listener: Listening, sender: int, enough: threading.Semaphore, told: list[str]
) -> None:
    """Send one message after the other until the line ends; note those acknowledged."""
    number = 0
    try:
        with listener.line() as line:
            while True:
                number += 1
                name = f"K{listener.port}-{sender}-{number}"
                assert line.send(oru(obx(), patient=pid(name), control_id=name)) == "AA"
                told.append(name)
                enough.release()
    except ConnectionError:
        return


def test_killed_at_any_moment_it_loses_nothing_it_acknowledged(ward: Ward, tmp_path: Path) -> None:
    told: list[str] = []
    for count in (7, 23, 41):
        with listening(ward, tmp_path) as listener, ThreadPoolExecutor(3) as senders:
            enough = threading.Semaphore(0)
            sending: list[Future[None]] = [
                senders.submit(_sends_on, listener, sender, enough, told) for sender in range(3)
            ]
            acknowledged(enough, count, sending)
            listener.kill()
            for each in sending:
                each.result()
    assert len(told) >= 71
    rows = ward.query(
        "select control_id, hospital_number from scoring_laboratorymessage m"
        " join scoring_laboratoryresult r on r.message_id = m.id"
        " where m.state = 'accepted'"
    )
    kept = [control_id for control_id, number in rows if control_id == number]
    assert len(kept) == len(set(kept))
    assert set(told) <= set(kept)
