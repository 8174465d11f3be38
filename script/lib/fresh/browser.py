"""A browser of few words: cookies, pages, and forms with what is filled in already."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from script.lib.abort import Abort

# A report that takes longer than this hangs.
_ANSWER_SECONDS = 180


@dataclass(frozen=True)
class AnsweredPage:
    """What came back, after redirects."""

    address: str
    status: int
    kind: str
    body: bytes

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode(errors="replace")


@dataclass
class Form:
    """The fields of a form: those with a value, and all that may be filled in."""

    action: str = ""
    method: str = "get"
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "option" and self._select and "selected" in given:
            form.values[self._select] = given.get("value", "")
        if not name:
            return
        if tag in {"input", "select", "textarea"}:
            form.names.add(name)
        self._select = name if tag == "select" else self._select
        kind = given.get("type", "text")
        if tag == "input" and (kind not in {"radio", "checkbox", "submit"} or "checked" in given):
            form.values[name] = given.get("value", "")


class Browser:
    """Pages of one site, with its cookies."""

    def __init__(self, port: int) -> None:
        self._site = f"http://127.0.0.1:{port}"
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def answers(self) -> bool:
        """Whether the page to sign in comes."""
        try:
            return self.open("/sign-in").status == 200
        except (OSError, Abort):
            return False

    def open(self, path: str, fields: Mapping[str, str] | None = None) -> AnsweredPage:
        """Ask for a page, or send a form to it. Raises ``Abort`` for an error of the site."""
        address = urllib.parse.urljoin(self._site, path)
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            with self._opener.open(address, data, timeout=_ANSWER_SECONDS) as answer:
                kind = answer.headers.get_content_type()
                return AnsweredPage(
                    answer.url.removeprefix(self._site), answer.status, kind, answer.read()
                )
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")[:2000]
            raise Abort(f"{path} answers {error.code}:\n{text}") from error
        except TimeoutError as error:
            raise Abort(f"{path} does not answer within {_ANSWER_SECONDS} seconds.") from error

    def send(self, path: str, fields: Mapping[str, str]) -> AnsweredPage:
        """Open a page, fill in its form that has these fields, send it as a browser does.

        Raises ``Abort`` when no form of the page has them all.
        """
        reader = _FormReader()
        reader.feed(self.open(path).text)
        for form in reader.forms:
            if form.method == "post" and form.names >= fields.keys():
                return self.open(
                    urllib.parse.urljoin(path, form.action), form.values | dict(fields)
                )
        raise Abort(f"{path} has no form with {', '.join(fields)}.")
