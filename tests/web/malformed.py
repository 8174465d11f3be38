"""Requests that no browser of a clinician sends: every address, every field, all of it wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote_from_bytes, urlencode
from uuid import UUID, uuid4

from django import forms

from scoring.forms.access_log import AccessLogForm
from scoring.forms.assessment import AssessmentForm
from scoring.forms.history import HistoryForm
from scoring.forms.life import OnceForm
from scoring.forms.patient import PatientForm
from tests.web.addresses import patterns

METHODS = ("GET",) * 8 + ("POST",) * 9 + (
    *("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X" * 40),
)  # fmt: skip
TEXTS = (
    "", " ", "\x00", "a\x00b", "0", "-1", "1e999", "NaN", "Infinity", "9" * 400, "１２，５",
    "<script>alert(1)</script>", "{{ 7*7 }}{% now 'Y' %}", "'; DROP TABLE scoring_patient; --",
    "=1+1", "../../../../etc/passwd", "%s%n%x", "\ud7ff\u202e\u200f", "é" * 300, "\U0001f9b4" * 60,
    "x" * 3000, "2026-02-30", "31-Feb-2025", "99:99", "13-Mar-2025", "yes", "no", "on", "[]", "{}",
    "00000000-0000-0000-0000-000000000000", "true", "\r\nSet-Cookie: a=b", "\\", "\t", "%", "&a=b",
    "٣", "−2,0", "ﬀ", "1" * 25, "https://evil.example/", "//evil.example", "javascript:alert(1)",
)  # fmt: skip
QUERY_NAMES = (
    "patient", "search", "before", "after", "rows", "page", "next", "draft", "q", "assessed_from",
    "assessed_to", "state", "cutoff", "clinician", "outcome", "population", "model", "user",
    "first_day", "last_day", "action", "sort", "csrfmiddlewaretoken",
)  # fmt: skip
OTHER_FIELDS = (
    "username", "password", "next", "old_password", "new_password1", "new_password2", "kept_for",
    "signed_in", "sent", "identifiers", "expected", "revision", "reason", "vas", "measured_on",
    "not_evaluable", "csrfmiddlewaretoken", "hospital_number[]", "__proto__", "",
)  # fmt: skip
KINDS = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=klingon",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "y" * 300,
    "application/json",
    "text/xml",
    "text/plain; charset=\x7f",
    "",
    ";;;",
)
HEADERS = (
    ("HTTP_HOST", ("evil.example", "", "testserver:99999", "[::1", "a" * 300, "te\x00st")),
    ("HTTP_COOKIE", ("sessionid=", "sessionid=" + "z" * 4000, "csrftoken=\x00", ";;;=;=", "é=1")),
    ("HTTP_ACCEPT_LANGUAGE", ("zh-Hans;q=x", "*", "a" * 2000, "en;q=1e9", "-")),
    ("HTTP_X_FORWARDED_FOR", ("1.2.3.4, ::1", "x", "999.1.1.1", "é", "," * 500)),
    ("HTTP_X_FORWARDED_PROTO", ("https", "gopher")),
    ("HTTP_HX_REQUEST", ("true", "\x00")),
    ("HTTP_HX_CURRENT_URL", ("http://[", "\xff\xfe", "javascript:1")),
    ("HTTP_REFERER", ("http://[::1", "x", "https://evil.example/" + "a" * 3000)),
    ("HTTP_ORIGIN", ("null", "https://evil.example", "http://[")),
    ("HTTP_RANGE", ("bytes=-1", "bytes=0-,0-,0-", "items=5")),
    ("HTTP_IF_MODIFIED_SINCE", ("yesterday", "Thu, 99 Foo 9999 99:99:99 GMT")),
    ("HTTP_ACCEPT_ENCODING", ("br;q=x", "identity;q=0")),
    # One that is no number never comes here: gunicorn refuses it.
    ("CONTENT_LENGTH", ("0", "")),
    ("REMOTE_ADDR", ("", "::ffff:1.2.3.4", "not an address")),
)


def _subclasses(kind: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def field_names() -> list[str]:
    """The fields of every form of the site, and some that none has."""
    shown = {AccessLogForm, AssessmentForm, HistoryForm, OnceForm, PatientForm}
    ours = {each for each in _subclasses(forms.Form) if each.__module__.startswith("scoring.")}
    assert shown <= ours
    names = {name for form in ours for name in form.base_fields}
    return sorted(names | set(OTHER_FIELDS))


@dataclass
class Malformed:
    """One request, as the test client takes it."""

    name: str
    method: str
    path: str
    query: str
    body: bytes
    kind: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def is_malformed(self) -> bool:
        """Whether a browser would not send it: anything but a plain look at an address."""
        is_plain = self.method in {"GET", "HEAD"} and "%" not in self.path
        return not is_plain or bool(self.query or self.more)


class Maker:
    """Makes requests at random, the same ones for the same seed."""

    def __init__(self, seed: int, on_record: Sequence[UUID]) -> None:
        self.random = Random(seed)  # noqa: S311 - nothing secret
        self.on_record = on_record
        self.patterns = patterns()
        self.fields = field_names()

    def request(self, name: str, *, on_record: bool) -> Malformed:
        """A request to the address of this name, with an id that is on record, or is not.

        A plain look at a page says nothing new, and takes the longest.
        """
        while True:
            request = self._request(name, on_record)
            if request.is_malformed:
                return request

    def _request(self, name: str, on_record: bool) -> Malformed:
        pick = self.random
        method = pick.choice(METHODS)
        more: dict[str, str] = {}
        for header, values in pick.sample(HEADERS, pick.choice((0, 0, 0, 1, 2))):
            more[header] = pick.choice(values)
        body, kind = self._body() if method not in {"GET", "HEAD"} else (b"", "")
        query = self._pairs(QUERY_NAMES, 3) if pick.random() < 0.4 else ""
        return Malformed(name, method, self._path(name, on_record), query, body, kind, more)

    def _path(self, name: str, on_record: bool) -> str:
        pattern = self.patterns[name].pattern
        path = "/" + str(pattern).strip("^$")
        for argument in pattern.converters:
            value = str(self.random.choice(self.on_record) if on_record else uuid4())
            if not on_record and self.random.random() < 0.6:
                value = quote_from_bytes(self._text().encode(errors="replace")[:200], safe="")
            path = path.replace(f"<uuid:{argument}>", value)
        return path

    def _text(self) -> str:
        pick = self.random
        if pick.random() < 0.2:
            return "".join(chr(pick.randrange(1, 0xD7FF)) for _ in range(pick.randrange(12)))
        return pick.choice(TEXTS)

    def _pairs(self, names: Sequence[str], most: int) -> str:
        pick = self.random
        pairs = [(pick.choice(names), self._text()) for _ in range(pick.randrange(1, most + 1))]
        # The same name twice, bytes that are no text, a separator too many.
        pairs += pairs[:1] * pick.randrange(2)
        return urlencode(pairs) + pick.choice(("", "", "&%ff=%fe", "&&;=", "&%", "&=%00"))

    def _body(self) -> tuple[bytes, str]:
        pick = self.random
        kind = KINDS[0] if pick.random() < 0.7 else pick.choice(KINDS)
        if kind == KINDS[0]:
            return self._pairs(self.fields, 25).encode(), kind
        if kind.startswith("multipart"):
            disposition = 'Content-Disposition: form-data; name="q"; filename="../../x\x00.svg"'
            return f"--x\r\n{disposition}\r\n\r\n{self._text()}\r\n--x--".encode(), kind
        return pick.randbytes(pick.randrange(400)), kind
