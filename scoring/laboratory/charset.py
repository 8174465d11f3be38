r"""The characters of a message, as its MSH-18 names them.

MSH-18 can't be looked up in the bytes: in GB 18030 a byte that looks like ``|``, ``^``, ``~`` or
``\`` may be the second half of a Chinese character. So each encoding is tried strictly, and the
right one is the one in which the header names it.
"""

import re
from typing import NamedTuple

from scoring.laboratory.reasons import Refusal, RefusedError

_UTF_8, _GB18030 = "utf-8", "gb18030"
# By the name without marks and in small letters. HL7 table 0211, then what devices send.
_CODECS = {
    "unicode": _UTF_8,
    "unicodeutf8": _UTF_8,
    "utf8": _UTF_8,
    "gb18030": _GB18030,
    "gb180302000": _GB18030,
    "gb180302005": _GB18030,
    "gb180302022": _GB18030,
    "gbk": _GB18030,
    "gb2312": _GB18030,
    "gb23121980": _GB18030,
    "cp936": _GB18030,
    "ascii": "",
    "usascii": "",
    "": "",
}
_LATIN = re.compile(r"8859(\d{1,2})")


class Decoded(NamedTuple):
    """A message as text, with carriage returns between its segments, and how it was encoded."""

    text: str
    codec: str


def decoded(raw: bytes) -> Decoded:
    """The text of a message. Raises RefusedError where its characters can't be told for certain.

    An empty MSH-18 means ASCII; where other characters stand there all the same, they are those of
    strict UTF-8, else of strict GB 18030.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n \t")
    for codec in (_UTF_8, _GB18030):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if _codec_named(text) in {codec, ""}:
            return Decoded(_with_carriage_returns(text), codec)
    # Any bytes are Latin letters: good enough to read the name.
    roughly = raw.decode("latin-1")
    named = _codec_named(roughly)
    if named.startswith("iso8859"):
        try:
            return Decoded(_with_carriage_returns(raw.decode(named)), named)
        except (UnicodeDecodeError, LookupError) as reason:
            raise RefusedError(Refusal.CHARSET_UNREADABLE, charset_named(roughly)) from reason
    raise RefusedError(Refusal.CHARSET_UNREADABLE, charset_named(roughly))


def charset_named(text: str) -> str:
    """MSH-18 of a message as it stands there; of several the first that is not ASCII."""
    header = re.split("[\r\n]", text, maxsplit=1)[0]
    fields = header.split(header[3]) if header.startswith("MSH") and len(header) > 4 else []
    # The separator is MSH-1, so that MSH-18 is the seventeenth after it.
    names = fields[17].split("~") if len(fields) > 17 else [""]
    return next((name for name in names if _plain(name) not in {"", "ascii", "usascii"}), names[0])


def _codec_named(text: str) -> str:
    """Python's name of the encoding that a header names, "" for ASCII. Raises RefusedError."""
    name = charset_named(text)
    if latin := _LATIN.fullmatch(_plain(name)):
        return f"iso8859-{latin[1]}"
    codec = _CODECS.get(_plain(name))
    if codec is None:
        raise RefusedError(Refusal.CHARSET_UNKNOWN, name[:40])
    return codec


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _with_carriage_returns(text: str) -> str:
    return text.replace("\r\n", "\r").replace("\n", "\r")
