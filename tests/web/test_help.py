"""Help, and the definitions of the predictors beside their fields."""

import io
from collections.abc import Callable
from html import escape, unescape

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from scoring.models import User
from scoring.nomogram.eligibility import Criterion
from scoring.nomogram.rong2025.model import BMD, RONG_2025
from scoring.words.definitions import definition_of, definitions, hint
from scoring.words.eligibility import CRITERION_NAMES
from scoring.words.predictors import words_of
from tests import cast
from tests.web.html import Page, signed_in


@pytest.fixture
def client() -> Client:
    """Signed in as a clinician."""
    return signed_in(cast.alice())


def folded(text: str) -> str:
    """A text with plain spaces, as ``Page.text`` has it."""
    return " ".join(text.split())


def test_every_predictor_has_a_definition() -> None:
    found = definitions()
    assert [d.name for d in found] == [words_of(p).table_name for p in RONG_2025.predictors]
    for each in found:
        assert each.meaning
        assert each.left_open
        assert "section" in each.source
        assert "Table" in each.source or "Figure" in each.source


@pytest.mark.parametrize(
    ("field", "limits"),
    [
        ("age_years", "50 to 100"),
        ("t_score", "−10 to +4"),
        ("pdw_fl", "6 to 34.8\u00a0fL"),
        ("chloride_mmol_l", "75.8 to 115\u00a0mmol/L"),
    ],
)
def test_a_hint_says_what_may_be_entered(field: str, limits: str) -> None:
    assert limits in hint(field)


@pytest.mark.django_db
@pytest.mark.parametrize("who", [cast.nora, cast.alice, cast.rita, cast.adam])
def test_help_is_for_everybody_signed_in(who: Callable[[], User]) -> None:
    page = Page(signed_in(who()).get(reverse("help")))
    for each in definitions():
        assert folded(each.meaning) in page.text
        assert folded(each.left_open) in page.text
    for criterion in Criterion:
        assert str(CRITERION_NAMES[criterion]) in page.text
    for said in (f"below {BMD.below}".replace("-", "−"), "18.4 %", "117 of 569", "20.6 %"):
        assert said in page.text, said


@pytest.mark.django_db
def test_help_is_one_click_from_every_page(client: Client) -> None:
    for name in ("worklist", "history", "assessment-new", "about", "account"):
        assert f'href="{reverse("help")}"' in client.get(reverse(name)).content.decode(), name


@pytest.mark.django_db
def test_the_form_defines_each_predictor_beside_its_field(client: Client) -> None:
    page = Page(client.get(reverse("assessment-new")))
    for field in RONG_2025.fields:
        described = page.html.partition(f'id="id_{field}_helptext"')[2].partition("</span>")[0]
        assert hint(field) in described, field
        # The field itself names that text, so that it is read out with it.
        assert f"id_{field}_helptext " in page.html, field


@pytest.mark.django_db
def test_completing_says_what_restored_means(client: Client) -> None:
    awaited = cast.recorded(entry=cast.before_the_radiograph())
    page = Page(client.get(reverse("assessment-complete", args=[awaited.pk])))
    mvh = definitions()[-1]
    assert folded(mvh.meaning) in page.text
    assert mvh.left_open in page.text
    assert "percentage" in mvh.left_open


@pytest.mark.django_db
@pytest.mark.parametrize("field", RONG_2025.fields)
def test_the_definition_beside_a_field_has_its_drawing(client: Client, field: str) -> None:
    page = client.get(reverse("help-predictor", args=[field])).content.decode()
    each = definition_of(field)
    assert folded(each.left_open) in folded(unescape(page))
    assert page.count("<svg") == bool(each.example)
    if each.example:
        assert f'<title id="example-{field}-t">{escape(each.example)}</title>' in page
        assert "not to scale" in page
        # One color, that of the text around: it holds in the dark and in forced colors.
        assert "currentColor" in page
        assert '"#' not in page.partition("<svg")[2].partition("</svg>")[0]
    form = client.get(reverse("assessment-new")).content.decode()
    assert f'hx-get="{reverse("help-predictor", args=[field])}"' in form


def test_what_two_readers_may_see_differently_is_drawn() -> None:
    drawn = {each.key for each in definitions() if each.example}
    assert drawn == {"bmd", "trauma_history", "posterior_fascia_edema", "pdw", "mvh"}


@pytest.mark.django_db
def test_an_unknown_predictor_is_not_found(client: Client) -> None:
    assert client.get(reverse("help-predictor", args=["nothing"])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("name", "pages"), [("help-guide", 2), ("help-quick-card", 1)])
def test_help_on_paper(name: str, pages: int, language: str) -> None:
    """Without signing in, in the language of the browser, on so many pages."""
    answer = Client().get(reverse(name), headers={"accept-language": language})
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == pages
    text = "".join(page.extract_text() for page in reader.pages)
    assert "fL" in text
    assert "2–5" in text or "2～5" in text
    wanted = {"en": "en", "zh-hans": "zh-CN"}
    assert str(reader.root_object["/Lang"]) == wanted[language]
