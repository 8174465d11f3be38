"""The empty form is drawn once for each language and unit, and holds nothing of anybody."""

from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client

from scoring import actions, queries
from scoring.forms.layout import FieldRow
from tests import cast
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
FORM = "/assessments/new"
OTHER_LANGUAGE = "zh-hans"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def clinician() -> Client:
    return signed_in(cast.alice())


def test_it_is_drawn_once_for_each_language(clinician: Client) -> None:
    """Whether or not the catalog has words yet: rows are counted as they are drawn."""
    drawn: list[str] = []

    def counted(row: FieldRow, *args: Any, **kwargs: Any) -> str:
        drawn.append(row.template)
        return render(row, *args, **kwargs)

    def rows_drawn() -> int:
        drawn.clear()
        assert clinician.get(FORM).status_code == 200
        return len(drawn)

    render = FieldRow.render
    with mock.patch.object(FieldRow, "render", counted):
        first = rows_drawn()
        assert first > 20
        assert rows_drawn() == 0
        clinician.post("/language", {"language": OTHER_LANGUAGE, "next": FORM})
        assert rows_drawn() == first
        assert rows_drawn() == 0


def test_another_unit_of_the_laboratory_is_shown_at_once(clinician: Client) -> None:
    def chosen() -> list[str]:
        page = Page(clinician.get(FORM))
        return [one for one in page.html.split("<option") if "selected" in one and "fL" in one]

    assert chosen() == []
    actions.change_ward_settings(
        by=cast.adam(),
        facts={"pdw_unit": "fL"},
        opened=queries.ward_settings().revision,
        origin=actions.NOWHERE,
    )
    assert len(chosen()) == 1


def test_nothing_that_was_typed_stands_in_the_next_empty_form(clinician: Client) -> None:
    known = cast.recorded().patient
    filled = {"hospital_number": "H-SECRET", "family_name": "Secret", "t_score": "-2.8"}
    assert "Secret" in clinician.post(FORM, filled).content.decode()
    of_patient = clinician.get(FORM, {"patient": str(known.pk)}).content.decode()
    assert known.hospital_number in of_patient
    for _time in range(2):
        empty = clinician.get(FORM).content.decode()
        assert "Secret" not in empty
        assert "-2.8" not in empty
        assert known.hospital_number not in empty
    assert "Secret" in clinician.post(FORM, filled).content.decode()
    assert known.hospital_number in clinician.get(FORM, {"patient": str(known.pk)}).content.decode()


def test_each_form_has_a_token_of_its_own(clinician: Client) -> None:
    def token() -> str:
        return Page(clinician.get(FORM)).control("form_token").attributes["value"]

    assert token() != token()
