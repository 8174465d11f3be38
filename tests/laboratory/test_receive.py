"""Messages are kept with their results; a repeat is not, a correction is a row of its own."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scoring import actions
from scoring.actions import Receipt
from scoring.entry import Origin
from scoring.models import AuditEvent, LaboratoryMessage, LaboratoryResult
from scoring.report.log_words import log_details
from tests import cast
from tests.laboratory.messages import CHLORIDE, OBR, PID, RULES, SPINE, message, obx, oru

pytestmark = pytest.mark.django_db
LINE = Origin(address="192.0.2.10")


def receive(text: str, *, codec: str = "utf-8", origin: Origin = LINE) -> Receipt:
    return actions.receive_message(by=None, raw=text.encode(codec), rules=RULES, origin=origin)


def why(text: str, **more: Any) -> str:
    refused = receive(text, **more).refused
    return refused.refusal.value if refused else ""


def kept() -> list[tuple[str, str]]:
    """State and reason of every message, in their order."""
    return list(LaboratoryMessage.objects.order_by("received_at").values_list("state", "reason"))


def chain() -> list[tuple[str, str, bool]]:
    """Value as sent and status of every result, and whether it supersedes one."""
    rows = LaboratoryResult.objects.order_by("pk")
    return [(row.value_text, row.status, row.supersedes_id is not None) for row in rows]


def test_a_message_and_its_results_are_kept_byte_for_byte() -> None:
    text = oru(obx(device="XN-10"), CHLORIDE, SPINE, charset="GB 18030-2000")
    assert why(text, codec="gb18030") == ""
    row = LaboratoryMessage.objects.get()
    assert bytes(row.raw) == text.encode("gb18030")
    assert "王^秀兰" in row.text
    assert (row.sender, row.control_id, row.address) == ("LIS", "1", "192.0.2.10")
    values = row.results.order_by("pk").values_list("predictor", "value", "unit", "device")
    assert [(field, str(value), unit, device) for field, value, unit, device in values] == [
        ("pdw_fl", "12.4000", "fL", "XN-10"),
        ("chloride_mmol_l", "104.0000", "mmol/L", "LIS"),
        ("t_score", "-2.8000", "{T-score}", "LIS"),
    ]


@pytest.mark.parametrize("at", ["00010101000000", "99991231235959-1200"])
def test_a_message_without_a_day_does_not_block_the_next(at: str) -> None:
    assert why(oru(obx(), order=OBR.replace("20261127080000", at))) == ""
    assert why(oru(obx(value="13.1"), control_id="2")) == ""
    assert [value for value, _status, _supersedes in chain()] == ["12.4", "13.1"]


def test_the_log_names_the_patient_on_record_and_says_why_one_is_refused() -> None:
    patient = cast.registered("H1042")
    receive(oru(obx()))
    receive(oru(obx(), processing="Q"))
    first, second = AuditEvent.objects.filter(action__startswith="message").order_by("pk")
    assert (first.patient_id, first.detail["results"], first.address) == (
        patient.pk,
        1,
        LINE.address,
    )
    assert second.action == "message_refused"
    assert ("refused because", "MSH-11 is not P: it is a test, or quality control.") in [
        (str(label), text) for label, text in log_details(second)
    ]


def test_the_same_message_again_is_accepted_and_kept_once() -> None:
    for _ in range(3):
        assert why(oru(obx())) == ""
    assert kept() == [("accepted", "")]
    assert len(chain()) == 1


def test_the_key_is_more_than_the_control_id() -> None:
    assert why(oru(obx())) == ""
    assert why(oru(obx(value="12.5"))) == "duplicate_key"
    # Again: the same answer, and no second row.
    assert why(oru(obx(value="12.5"))) == "duplicate_key"
    assert kept() == [("accepted", ""), ("refused", "duplicate_key")]
    for other in (
        {"sent_at": "20261128091501"},
        {"sender": "XN"},
        {"facility": "LAB2"},
        {"control_id": "2"},
    ):
        assert why(oru(obx(value="12.5"), **other)) == ""
    assert why(oru(obx(value="12.5")), origin=Origin(address="192.0.2.11")) == ""


def test_a_counter_that_begins_again_names_other_messages_where_none_says_when_it_was_sent() -> (
    None
):
    first, second = (oru(obx(value=value), sent_at="") for value in ("12.4", "13"))
    assert [why(text) for text in (first, second, first)] == ["", "", ""]
    assert kept() == [("accepted", ""), ("accepted", "")]


def test_a_repeat_from_the_hour_that_comes_twice_is_no_second_result() -> None:
    rules = replace(RULES, zone=ZoneInfo("Europe/Zurich"))
    order = OBR.replace("20261127080000", "20261025023000")
    for control_id in ("1", "2"):
        raw = oru(obx(), order=order, control_id=control_id).encode()
        actions.receive_message(by=None, raw=raw, rules=rules, origin=LINE)
    assert chain() == [("12.4", "F", False)]


def test_a_refused_message_can_come_again_corrected() -> None:
    for _ in range(2):
        assert why(oru(obx("1-1^X^LN"))) == "unknown_code"
    assert why(oru(obx())) == ""
    assert kept() == [("refused", "unknown_code"), ("accepted", "")]


def test_a_repeat_in_another_message_is_no_second_result() -> None:
    receive(oru(obx()))
    receive(oru(obx(), control_id="2"))
    assert chain() == [("12.4", "F", False)]


@pytest.mark.parametrize("status", ["C", "A", "D", "W", "X"])
def test_a_correction_or_withdrawal_supersedes_the_result(status: str) -> None:
    receive(oru(obx()))
    # It names its order, and may have another time.
    later = OBR.replace("080000", "090000")
    assert why(oru(obx(value="11.9", status=status), order=later, control_id="2")) == ""
    assert chain() == [("12.4", "F", False), ("11.9", status, True)]
    first = LaboratoryResult.objects.get(status="F")
    assert first.newest.unusable == ("" if status in "CA" else "withdrawn")


def test_another_specimen_is_another_result() -> None:
    receive(oru(obx()))
    receive(oru(obx(), order=OBR.replace("S88", "S89"), control_id="2"))
    receive(oru(obx(value="13"), order=OBR.replace("20261127", "20261128"), control_id="3"))
    receive(oru(obx(status="C"), patient=PID.replace("H1042", "H2"), control_id="4"))
    receive(oru(obx(status="C"), sender="XN", control_id="5"))
    assert not any(supersedes for _value, _status, supersedes in chain())
    assert len(chain()) == 5


def test_a_final_result_follows_the_preliminary_and_corrects_within_one_message() -> None:
    receive(oru(obx(value="12", status="P")))
    receive(oru(obx(), obx(value="12.6", status="C"), control_id="2"))
    assert chain() == [("12", "P", False), ("12.4", "F", True), ("12.6", "C", True)]
    receive(oru(obx(value="9", status="P"), control_id="3"))
    assert chain()[-1] == ("9", "P", False)


@pytest.mark.parametrize("status", ["C", "D", "W", "X"])
def test_a_correction_supersedes_the_final_result_also_after_it_was_measured_again(
    status: str,
) -> None:
    receive(oru(obx()))
    receive(oru(obx(value="15", status="P"), control_id="2"))
    receive(oru(obx(value="15", status=status), control_id="3"))
    first = LaboratoryResult.objects.get(status="F")
    assert first.newest.status == status


@pytest.mark.parametrize(
    ("before", "after"), [("19461203", "19440714"), ("|20261127", "|20261126")]
)
def test_a_birth_date_or_day_that_was_put_right_is_no_repeat(before: str, after: str) -> None:
    text = oru(obx()).replace("20261127080000", "20261127")
    receive(text)
    receive(text.replace(before, after).replace("|1|P|", "|2|P|"))
    assert chain() == [("12.4", "F", False), ("12.4", "F", True)]


def test_a_repeat_without_the_birth_date_does_not_take_it_away() -> None:
    receive(oru(obx()))
    receive(oru(obx(), patient=PID.replace("19461203", ""), control_id="2"))
    assert chain() == [("12.4", "F", False)]


def test_what_was_never_received_can_not_be_withdrawn() -> None:
    assert why(oru(obx(status="W"))) == "nothing_to_withdraw"
    assert why(oru(order=OBR + "|" * 18 + "D")) == "nothing_to_withdraw"
    # A specimen that clotted is no withdrawal.
    assert why(oru(obx(value="", status="X"), control_id="2")) == ""
    assert chain() == [("", "X", False)]


def test_an_order_is_withdrawn_as_a_whole_once() -> None:
    receive(oru(obx(), CHLORIDE))
    for control_id in ("2", "3"):
        assert why(oru(order=OBR + "|" * 18 + "X", control_id=control_id)) == ""
    assert [(status, supersedes) for _value, status, supersedes in chain()] == [
        *(("F", False), ("F", False), ("X", True), ("X", True)),
    ]


def test_a_message_is_kept_whole_or_not_at_all() -> None:
    text = message(PID, OBR, obx(), "PID|2", OBR, obx())
    assert why(text) == "patient_missing"
    assert (kept(), chain()) == ([("refused", "patient_missing")], [])


def test_what_is_no_text_is_kept_as_well() -> None:
    assert why("MSH|^~\\&|\x00\x00") == "null_character"
    receipt = actions.receive_message(by=None, raw=b"\xff\x00", rules=RULES, origin=LINE)
    assert receipt.refused is not None
    assert [reason for _state, reason in kept()] == ["null_character", "charset_unreadable"]
    assert LaboratoryMessage.objects.latest("received_at").text
