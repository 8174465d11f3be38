"""What clinicians' browsers send to a site while things go wrong around it."""

import http.client
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests import cast

# Longer than any answer takes on a busy computer; nothing is decided by it.
ANSWER_SECONDS = 1800
# Set where a test has failed: nobody tries on.
given_up = threading.Event()


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 stands for a connection that broke."""

    status: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_saved(self) -> bool:
        """Whether the site said that the assessment is on record."""
        return self.status == 302 and self.headers["Location"].startswith("/assessments/")


class FormReader(HTMLParser):
    """The fields of the form that has a button "Send again"."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.address = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inputs have their value as an attribute, a textarea has it as its text."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.address, self.fields = given.get("action", ""), {}
        elif tag == "input" and given.get("name"):
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self._textarea = given["name"]
            self.fields[self._textarea] = ""

    def handle_data(self, data: str) -> None:
        """A textarea's first line break belongs to the markup."""
        if self._textarea:
            self.fields[self._textarea] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """The text of a textarea ends with it."""
        if tag == "textarea":
            self._textarea = ""


def form_of(answer: Answer) -> FormReader:
    """The last form of a page."""
    reader = FormReader()
    reader.feed(answer.text)
    return reader


class Browser:
    """A browser that is signed in as Alice; may be used by many threads at once."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def sign_in(self) -> None:
        """Through the page, as people do it."""
        while True:
            page = self.get("/sign-in")
            fields = form_of(page).fields | {"username": "alice", "password": cast.PASSWORD}
            answer = self.post("/sign-in", fields)
            # On a busy computer people are told to come again.
            if answer.status != 503:
                break
        assert answer.status == 302, answer.text
        self.token = form_of(self.get("/assessments/new")).fields["csrfmiddlewaretoken"]

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), headers)

    def upload(self, path: str, body: bytes, boundary: str) -> Answer:
        """Send a form with a file."""
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._ask("POST", path, body, headers)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body, {**headers, "Cookie": cookies})
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()
        for name, value in response.getheaders():
            if name == "Set-Cookie" and (found := re.match(r"([^=]+)=([^;]*)", value)):
                self.cookies[found[1]] = found[2]
        text = content.decode(errors="replace")
        return Answer(response.status, text, dict(response.getheaders()), content)


@dataclass
class Saving:
    """One assessment somebody wants to have saved: its form, and what the site answered."""

    hospital_number: str
    token: str = field(default_factory=lambda: str(uuid4()))
    answers: list[Answer] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, str]:
        """The form of the worked example for this patient, of days that need no confirmation."""
        # A name of their own, so that nobody is taken for somebody on record.
        data = cast.form_data(
            form_token=self.token,
            hospital_number=self.hospital_number,
            family_name=f"Wang {self.hospital_number}",
        )
        later = date.today() - timedelta(days=3) - cast.OPERATION
        for name in data:
            if name.endswith("_date") and data[name]:
                day = datetime.strptime(data[name], "%d-%b-%Y").date()
                data[name] = cast.written(day + later)
        return data

    def send(self, browser: Browser) -> Answer:
        """Press the button once."""
        fields = {**self.fields, "csrfmiddlewaretoken": browser.token}
        answer = browser.post("/assessments/new", fields)
        self.answers.append(answer)
        return answer

    def send_until_saved(self, browser: Browser) -> None:
        """Press it again and again until the site says that it is on record."""
        while not self.send(browser).is_saved:
            last = self.answers[-1]
            assert last.status in {0, 503}, last.text
            assert not given_up.is_set(), f"not saved: {last.status}"
            time.sleep(0.1)

    @property
    def ids(self) -> set[str]:
        """Every assessment that the site said it had made of this form."""
        saved = [answer.headers["Location"] for answer in self.answers if answer.is_saved]
        return {urlsplit(location).path.rsplit("/", 1)[-1] for location in saved}
