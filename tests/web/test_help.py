"""Help, and the definitions of the predictors beside their fields."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import User
from scoring.nomogram.eligibility import Criterion
from scoring.nomogram.rong2025.model import BMD, RONG_2025
from scoring.words.definitions import definitions, hint
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
