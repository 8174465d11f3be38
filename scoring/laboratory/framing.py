"""Messages in a stream of bytes, framed by the Minimal Lower Layer Protocol (MLLP).

A frame is 0x0B, the message, 0x1C 0x0D. Bytes between frames mean nothing: some analyzers send
0x02 every few seconds to see whether the line stands (Mindray BC-5800), others a line feed more.
"""

import re

START = b"\x0b"
END = b"\x1c"
# A frame that begins within an open one. The byte alone may be a line break of a word processor
# within a text, which python-hl7 reads as any other character.
_BEGUN_ANEW = re.compile(rb"\x0b(?=(?:\xef\xbb\xbf)?MSH)")
_LONGEST_BEGINNING = 7


class TooLongError(ValueError):
    """A message is longer than is taken: what follows in the stream can't be told from it."""


class Frames:
    """Takes bytes as they come and gives the messages that are complete.

    ``cut_off`` counts the messages that ended without their end, as the next one began: a sender
    that lost its answer may send a message anew on the same line.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._open: bytearray | None = None
        self.cut_off = 0

    @property
    def is_open(self) -> bool:
        """Whether a message has begun and not ended."""
        return self._open is not None

    def feed(self, received: bytes) -> list[bytes]:
        """The messages that these bytes complete. Raises TooLongError."""
        messages = []
        while received:
            if self._open is None:
                _between, begun, received = received.partition(START)
                self._open = bytearray() if begun else None
                continue
            # 0x1C begins no character in UTF-8 or GB 18030, and is no part of one.
            part, ended, received = received.partition(END)
            self._collect(self._open, part)
            if len(self._open) > self._most_bytes:
                raise TooLongError
            if ended:
                messages.append(bytes(self._open))
                self._open = None
        return messages

    def _collect(self, begun: bytearray, part: bytes) -> None:
        """Add bytes to a message; what stands before another beginning is dropped."""
        searched_from = max(0, len(begun) - _LONGEST_BEGINNING)
        begun += part
        beginnings = [found.end() for found in _BEGUN_ANEW.finditer(begun, searched_from)]
        if beginnings:
            del begun[: beginnings[-1]]
            self.cut_off += len(beginnings)


def framed(message: bytes) -> bytes:
    """A message as it goes over the line."""
    return START + message + END + b"\r"
