"""Messages in a stream, however it is cut."""

import pytest

from scoring.laboratory.framing import Frames, TooLongError, framed


@pytest.mark.parametrize("step", [1, 2, 3, 100])
def test_heartbeats_and_line_feeds_between_messages_mean_nothing(step: int) -> None:
    stream = b"\x02\x02" + framed(b"MSH|one") + b"\n\x02" + framed(b"MSH|two\n")
    frames = Frames(100)
    found = [
        message
        for at in range(0, len(stream), step)
        for message in frames.feed(stream[at : at + step])
    ]
    assert found == [b"MSH|one", b"MSH|two\n"]
    assert not frames.is_open


def test_a_message_that_is_too_long_is_not_collected() -> None:
    frames = Frames(10)
    assert frames.feed(b"\x0b0123456789\x1c\r") == [b"0123456789"]
    frames.feed(b"\x0b012345")
    assert frames.is_open
    with pytest.raises(TooLongError):
        frames.feed(b"6789a")


@pytest.mark.parametrize("step", [1, 2, 5, 100])
def test_a_message_that_begins_anew_is_not_read_with_what_was_cut_off(step: int) -> None:
    stream = b"\x0bMSH|one\rPI\x0bMSH\x0b\xef\xbb\xbfMSH|two\rPID" + framed(b"MSH|three")
    frames = Frames(20)
    found = [
        message
        for at in range(0, len(stream), step)
        for message in frames.feed(stream[at : at + step])
    ]
    assert found == [b"MSH|three"]
    assert frames.cut_off == 3


def test_a_line_break_of_a_word_processor_within_a_text_begins_no_message() -> None:
    frames = Frames(100)
    assert frames.feed(framed(b"MSH|one\rNTE|1||first\x0bsecond")) == [
        b"MSH|one\rNTE|1||first\x0bsecond"
    ]
    assert frames.cut_off == 0
