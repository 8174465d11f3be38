"""The foot of a kept report, drawn into its PDF for each print without the renderer.

The kept PDF has room for it (``scoring/typesetting/foot.py``). It stays byte by byte; the foot and
the few letters of its font follow as an incremental update, which every reader of PDF knows.
"""

import re
from hashlib import md5

from scoring.report.foot_font import WIDTH_PT, UnstampableError, foot_of, pdf_stream

_FOOT = b"/PrintedFoot true"
_FORM = re.compile(rb"(\d+) 0 obj\n<<[^\n]*" + _FOOT)
_LAST = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")


def stamped(pdf: bytes, foot: str) -> bytes:
    """A kept PDF with its foot: the same bytes for the same foot. Raises UnstampableError."""
    # The patterns begin beside what they look for: through the whole file, they would try every
    # number in it.
    object_begins = max(pdf.rfind(b"endobj", 0, pdf.find(_FOOT)), 0)
    found = _FORM.search(pdf, object_begins)
    last = _LAST.search(pdf, max(pdf.rfind(b"startxref"), 0))
    if found is None or last is None:
        raise UnstampableError
    drawn = foot_of(foot)
    table = int(last[1])
    head = pdf[table : pdf.index(b"stream", table)]
    size = int(_entry(rb"/Size (\d+)", head))
    update, names, number = _Update(pdf, size), b"", size
    for place, family in enumerate(drawn.families):
        names += b"/F%d %d 0 R " % (place, number)
        for each in drawn.font(family, number):
            update.add(number, each)
            number += 1
    form = b"/Type /XObject /Subtype /Form /BBox [-1 -4 %d 10] /Resources <</Font <<%s>>>>" % (
        WIDTH_PT + 1,
        names,
    )
    update.add(int(found[1]), pdf_stream(drawn.operators().encode(), form))
    root, info = _entry(rb"/Root (\d+) 0 R", head), _entry(rb"/Info (\d+) 0 R", head)
    # The file stays the same one, in another state (ISO 32000-1, 14.4).
    original, state = _entry(rb"/ID \[(\(\w+\))", head), md5(foot.encode(), usedforsecurity=False)
    ids = b"/ID [%s <%s>]" % (original, state.hexdigest().encode())
    return update.ended(b"/Root %s 0 R /Info %s 0 R %s /Prev %d" % (root, info, ids, table))


def check_foot(foot: str) -> None:
    """Raise UnstampableError where the foot takes more than a line, or the renderer's letters."""
    foot_of(foot)


def _entry(pattern: bytes, head: bytes) -> bytes:
    found = re.search(pattern, head)
    if found is None:
        raise UnstampableError
    return found[1]


class _Update:
    """What follows a PDF: objects that are new or take the place of others, and their table."""

    def __init__(self, pdf: bytes, size: int) -> None:
        self._file = bytearray(pdf)
        self._size = size
        self._places: dict[int, int] = {}

    def add(self, number: int, content: bytes) -> None:
        """Append an object."""
        self._places[number] = len(self._file)
        self._file += b"%d 0 obj\n%s\nendobj\n" % (number, content)

    def ended(self, entries: bytes) -> bytes:
        """The whole file. The table of places is a stream, as in the PDF before."""
        table, number = len(self._file), max(*self._places, self._size) + 1
        places = sorted((self._places | {number: table}).items())
        index = " ".join(f"{number} 1" for number, _ in places).encode()
        rows = b"".join(b"\1%s\0\0" % place.to_bytes(4, "big") for _, place in places)
        head = b"/Type /XRef /Size %d /Index [%s] /W [1 4 2] %s" % (number + 1, index, entries)
        self.add(number, pdf_stream(rows, head))
        return bytes(self._file) + b"startxref\n%d\n%%%%EOF\n" % table
