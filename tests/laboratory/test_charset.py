"""Which characters a message is written in."""

import pytest

from scoring.laboratory.charset import decoded
from scoring.laboratory.reasons import RefusedError
from tests.laboratory.messages import message


def with_charset(name: str) -> str:
    return message("PID|1||H1||王^秀兰", sender="检验科", charset=name)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UNICODE UTF-8", "utf-8"),
        ("UNICODE", "utf-8"),
        ("UTF8", "utf-8"),
        ("", "utf-8"),
        ("ASCII", "utf-8"),
        ("GB 18030-2000", "gb18030"),
        ("GB18030", "gb18030"),
        ("GBK", "gb18030"),
        ("GB2312", "gb18030"),
        ("ASCII~GB 18030-2000", "gb18030"),
        ("", "gb18030"),
    ],
)
def test_the_header_says_it_and_empty_tries_utf_8_first(name: str, codec: str) -> None:
    text = with_charset(name)
    assert decoded(text.encode(codec)) == (text.strip("\r"), codec)


def test_half_a_character_that_looks_like_a_separator_is_none() -> None:
    # The second bytes of these letters in GB 18030 are those of | ^ ~ and \.
    letters = "".join(bytes([0x81, low]).decode("gb18030") for low in (0x7C, 0x5E, 0x7E, 0x5C))
    text = message("PID|1||H1", sender=letters, charset="GB 18030-2000")
    assert b"|" in letters.encode("gb18030")
    assert decoded(text.encode("gb18030")).text == text.strip("\r")


def test_segments_may_end_with_a_line_feed() -> None:
    for end in ("\r\n", "\n"):
        raw = with_charset("").replace("\r", end).encode()
        assert decoded(raw).text == with_charset("").strip("\r")


@pytest.mark.parametrize(
    ("name", "codec", "why"),
    [
        ("UNICODE UTF-8", "gb18030", "charset_unreadable"),
        ("TUF-8", "utf-8", "charset_unknown"),
        ("UNICODE UTF-16", "utf-8", "charset_unknown"),
        ("8859/77", "utf-8", "charset_unreadable"),
    ],
)
def test_what_can_not_be_told_is_refused(name: str, codec: str, why: str) -> None:
    with pytest.raises(RefusedError) as error:
        decoded(with_charset(name).encode(codec))
    assert error.value.refusal == why


def test_neither_encoding_fits() -> None:
    with pytest.raises(RefusedError) as error:
        decoded(b"MSH|^~\\&|A\xff\xff|B\rPID|1")
    assert error.value.refusal == "charset_unreadable"


def test_latin_letters() -> None:
    text = message("PID|1||H1||M\u00fcller", charset="8859/1")
    assert decoded(text.encode("latin-1")).text == text.strip("\r")
