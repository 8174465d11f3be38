"""Answers in the original and in the enhanced mode."""

from datetime import UTC, datetime

import hl7
import pytest

from scoring.laboratory.acknowledgement import acknowledgement
from tests.laboratory.messages import obx, oru, read

NOW = datetime(2026, 11, 28, 9, 15, tzinfo=UTC)


def answer(text: str, codec: str = "utf-8") -> str:
    got = read(text, codec=codec)
    return acknowledgement(got.header, refused=got.refused, at=NOW, control_id="A7")


@pytest.mark.parametrize(
    ("answers", "taken", "wrong", "unread"),
    [
        ("|", "AA", "AE", "AR"),
        ("AL|NE", "CA", "CE", "CR"),
        ("AL|AL", "CA", "CE", "CR"),
        ("ER|NE", "", "CE", "CR"),
        ("SU|NE", "CA", "", ""),
        ("NE|NE", "", "", ""),
        ("NE|AL", "AA", "AE", "AR"),
        ("|AL", "AA", "AE", "AR"),
        ("ER|SU", "AA", "CE", "CR"),
    ],
)
def test_the_sender_chooses_the_answers(answers: str, taken: str, wrong: str, unread: str) -> None:
    for result, processing, code in (
        (obx(), "P", taken),
        (obx("1-1^X^LN"), "P", wrong),
        (obx(), "T", unread),
    ):
        text = answer(oru(result, processing=processing, control_id="77", answers=answers))
        assert (code in text) if code else text == ""
        if code:
            parsed = hl7.parse(text)
            assert [str(field) for field in parsed.segment("MSA")[1:3]] == [code, "77"]


def test_who_sent_it_gets_the_answer_in_the_same_characters() -> None:
    text = oru(obx(), sender="检验科", charset="GB 18030-2000")
    parsed = hl7.parse(answer(text, "gb18030"))
    header = parsed.segment("MSH")
    assert [str(header[n]) for n in (3, 4, 5, 6, 9, 10, 11, 12, 18)] == [
        *("RBP", "WARD", "检验科", "LAB", "ACK^R01", "A7", "P", "2.3.1", "GB 18030-2000"),
    ]


def test_an_error_says_where_and_why_in_the_words_of_the_version() -> None:
    old = hl7.parse(answer(oru(obx("1-1^X|Y^LN"), version="2.3.1")))
    assert str(old.segment("ERR")[1]) == "OBX^1^^103&Table value not found&HL70357"
    # Its ERR has no room for the reason.
    assert str(old.segment("MSA")[3]) == "Table value not found: unknown_code 1-1 X"
    new = hl7.parse(answer(oru(obx("1-1^X^LN"), version="2.5.1"))).segment("ERR")
    assert [str(new[n]) for n in (2, 3, 4)] == [
        *("OBX^1", "103^Table value not found^HL70357", "E"),
    ]
    assert str(new[8]) == "unknown_code 1-1 X LN"
    assert len(hl7.parse(answer(oru(obx(), version="2.5.1"))).segment("MSA")) == 3


def test_what_is_no_message_is_rejected() -> None:
    assert "MSA|AR" in answer("hello")
