"""Two assessments of one patient, value by value."""

from datetime import date

import pytest
from django.urls import reverse

from scoring.models import Assessment, AuditEvent
from tests import cast
from tests.life import acts
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


def _two() -> tuple[Assessment, Assessment]:
    """The worked example, and another vertebra of the same patient a year before."""
    later = cast.recorded()
    earlier = cast.recorded(
        later.patient,
        cast.worked_example(
            operation_date=date(2024, 3, 13),
            fracture_level="L3",
            pdw_fl=cast.measured("14.3"),
            radiograph_date=date(2024, 3, 14),
            dxa_date=date(2024, 3, 10),
            trauma_history_date=None,
            mri_date=date(2024, 3, 12),
            pdw_date=date(2024, 3, 11),
            chloride_date=date(2024, 3, 11),
        ),
    )
    return earlier, later


def _page(pk: object, **query: str) -> Page:
    client = signed_in(cast.bob())
    return Page(client.get(reverse("patient-compare", args=[pk]), query))


def test_the_latest_two_stand_side_by_side_and_what_differs_is_marked() -> None:
    _earlier, later = _two()
    page = _page(later.patient_id)
    assert "Platelet distribution width 14.3 fL 12.8 fL differs" in page.text
    assert "Fractured vertebra L3 L1 differs" in page.text
    # 3.47 × (14.3 − 6) against 3.47 × (12.8 − 6).
    assert "Points, Platelet distribution width 28.80 23.60 differs" in page.text
    assert "Serum chloride 105 mmol/L 105 mmol/L" in page.text
    event = AuditEvent.objects.get(action=AuditEvent.Action.PATIENT_VIEWED)
    assert event.patient_id == later.patient_id


def test_others_can_be_chosen() -> None:
    earlier, later = _two()
    page = _page(later.patient_id, first=str(later.pk), second=str(earlier.pk))
    assert "Platelet distribution width 12.8 fL 14.3 fL differs" in page.text


def test_nobody_elses_and_no_voided_one_is_compared() -> None:
    _earlier, later = _two()
    other = cast.recorded(cast.person("H2"))
    page = _page(later.patient_id, first=str(other.pk), second=str(later.pk))
    assert "There are no two assessments of this patient to compare." in page.text
    acts.voided(later)
    assert "There are no two assessments" in _page(later.patient_id).text
