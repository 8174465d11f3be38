"""Whatever stands in a name or a reason: on a page, in a file and in a header it is text."""

import csv
import io
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from scoring.report import csv_file
from tests import cast
from tests.life import acts
from tests.web.html import Page, elements, signed_in

pytestmark = pytest.mark.django_db
HOSTILE = [
    "<b>Wang</b><img src=x onerror=alert(1)>",
    "</title></h1><script>alert(1)</script>",
    "{{ 7*7 }}{% now 'Y' %}{% include '/etc/passwd' %}",
    '" onmouseover="alert(1)" style="display:none',
    "'); } body { display: none } .x { background: url(//evil.example/x)",
    "&lt;b&gt;&amp;&#60;",
    '=HYPERLINK("https://evil.example","x")',
    "javascript:alert(1)",
    "王\u0301\u0327 ﷽ 🦴",
    "W" * 100,
]
PAGES = ("assessment-result", "assessment-amend", "assessment-void", "outcome-day-3")


def _pages(client: Client, number: str, text: str) -> dict[str, Page]:
    """Every page that shows a name, a reason, or what was typed or searched for."""
    first = cast.recorded(cast.person(number, family_name=text, given_name=text))
    amended = acts.amended(
        first, cast.worked_example(chloride_mmol_l=cast.measured("100")), reason=text
    )
    answers = {name: client.get(reverse(name, args=[amended.pk])) for name in PAGES}
    for name in ("patient-detail", "patient-correct"):
        answers[name] = client.get(reverse(name, args=[amended.patient_id]))
    answers["lookup"] = client.post(reverse("patient-lookup"), {"hospital_number": number})
    found = {"q": f"nobody {text}"[:100]}
    answers["history"] = client.post(reverse("history"), found, follow=True)
    return {name: Page(answer) for name, answer in answers.items()}


def _built_of(page: Page) -> list[tuple[str | None, tuple[str, ...]]]:
    """The elements of a page with the names of their attributes: what text can't change."""
    return [(e.name, tuple(name for name, _ in e.attributes)) for e in elements(page.root)]


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_on_a_page_it_is_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What no font has is said beside the report: an element more.
    monkeypatch.setattr("scoring.report.sheet.unprintable_count", lambda *_texts: 0)
    client = signed_in(cast.alice())
    plain, hostile = _pages(client, "H1", "Wang"), _pages(client, "H2", text)
    packed = "".join(text.split()).casefold()
    for name, page in hostile.items():
        assert _built_of(page) == _built_of(plain[name]), name
    for name in ("assessment-result", "patient-detail", "lookup", "history"):
        assert packed[:90] in "".join(hostile[name].text.split()).casefold(), name


@pytest.mark.parametrize(
    "text",
    ["Wa\x00ng", "gnaW\u202e", "Wang\u2066", "Wa\x07ng", "Wang\u200b", "W\u2028g", "W\ue000"],
)
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    """It would turn round or hide what stands beside it."""
    client = signed_in(cast.alice())
    page = Page(client.post(reverse("assessment-new"), cast.form_data(family_name=text)))
    assert page.beside("family_name")
    address = reverse("assessment-void", args=[cast.recorded().pk])
    page = Page(client.post(address, {"form_token": str(uuid4()), "reason": text}))
    assert page.beside("reason")


@pytest.mark.parametrize("field", ["q", "assessed_from", "state"])
def test_no_text_searched_for_stands_in_an_address(field: str) -> None:
    """Not even typed into the wrong field, or longer than any name."""
    client = signed_in(cast.alice())
    text = "Wang " * 40
    response = client.post(reverse("history"), {field: text})
    assert response.status_code == 422
    assert "Location" not in response.headers
    assert not client.session.get("searches")


@pytest.mark.parametrize("text", HOSTILE)
def test_in_a_file_it_is_a_cell(text: str) -> None:
    client = signed_in(cast.rita())
    cast.recorded(cast.person(family_name=text, given_name=text))
    response = client.post(reverse("history-export"), {"identifiers": "with"})
    written = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    header, row = csv.reader(io.StringIO(written.lstrip("\ufeff")))
    cell = dict(zip(header, row, strict=True))["family_name"]
    assert cell == csv_file.text(text)
    assert not cell.startswith(("=", "+", "-", "@"))
    disposition = response.headers["Content-Disposition"]
    assert text not in disposition
    assert "\n" not in disposition
