"""JSON lines through a pipe: patients in, results out."""

import json
from collections.abc import Iterator
from io import BufferedReader

from scoring.nomogram.exchange import MAX_LINE_BYTES, score_lines
from scoring.nomogram.model import Nomogram
from scoring.words.shown import with_shown

_PIECE_BYTES = 65_536


def scored_lines(stream: BufferedReader, model: Nomogram) -> Iterator[str]:
    """The results of the lines that have come together, one a line, in order.

    A line that can't be scored has its error instead (``scoring.nomogram.exchange``).
    """
    write = json.JSONEncoder(allow_nan=False).encode
    first = 1
    for lines in _lines_at_hand(stream):
        yield "\n".join(map(write, map(with_shown, score_lines(model, lines, first))))
        first += len(lines)


def _lines_at_hand(stream: BufferedReader) -> Iterator[list[bytes]]:
    """The whole lines that are there, without waiting for more; of one that is too long, a part.

    A program that sends one line gets its answer; one that sends many gets many at once.
    """
    rest = b""
    while piece := stream.read1(_PIECE_BYTES):
        *lines, rest = (rest + piece).split(b"\n")
        # What is too long is refused, whatever follows in it.
        rest = rest[: MAX_LINE_BYTES + 1]
        if lines:
            yield lines
    if rest:
        yield [rest]
