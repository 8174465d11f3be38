"""The PDF copy: everything in words, tagged, and readable however much there is."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from scoring.models import AuditEvent, Patient
from scoring.nomogram.eligibility import Answer
from scoring.report.patient_copy import pdf as printed
from tests import cast
from tests import worked_example as worked
from tests.patient_copy.record import everything
from tests.report.paper import read
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db


def _pdf(patient: Patient) -> bytes:
    response = signed_in(cast.rita()).post(reverse("patient-copy-pdf", args=[patient.pk]))
    assert response.headers["Content-Type"] == "application/pdf"
    return response.content


def test_it_says_everything_in_words() -> None:
    patient = everything()
    pages, said = read(_pdf(patient))
    assert pages > 1
    for words in (
        *("Moore, Xiulan", "47119", "14-Jul-1944", "Female"),
        *("Registered", "by Dr Alice Moore", "Ward: Spine 1"),
        # Former identities.
        *("47110, Wang, Xiulan", "wrong wristband", "married"),
        # Versions, why each was made, and by whom.
        *("Version 1, first version", "Version 2, completed", "Version 3, amended"),
        *("Chloride was read from the wrong sheet", "Dr Alice Moore (alice)"),
        # Entered values with units, sources and points.
        *("80 years", "12.8 fL", "105 mmol/L", "11-Mar-2025", "0 or 35.68", "183.89"),
        *(f"{worked.WHOLE} %", worked.CI95, worked.RANGE, "Adjusted to this hospital"),
        *("No: Neurological injury", "Caution", "Rong 2025, reconstruction 2"),
        # Outcomes.
        *("day 3, 1", "day 30, 2", "lost to follow-up", "came late", "no new vertebral fracture"),
        "This assessment was moved to another patient.",
        # Who looked.
        *("copied a patient's record as PDF", "Rita Review (rita)", "recorded an outcome"),
    ):
        assert words in said, words
    assert "Zhao" not in said
    assert "typed, not saved" not in said


def test_a_result_outside_the_study_says_so() -> None:
    outside = "Outside the study population."
    assert outside not in read(_pdf(cast.recorded().patient))[1]
    entry = cast.worked_example(answers=cast.study_answers(infection=Answer.YES))
    assert outside in read(_pdf(cast.recorded(cast.person("H9"), entry).patient))[1]


def test_every_page_names_the_patient_the_page_and_who_printed_it() -> None:
    reader = PdfReader(io.BytesIO(_pdf(everything())))
    for number, page in enumerate(reader.pages, start=1):
        said = " ".join(page.extract_text().split())
        for words in ("Moore, Xiulan", "47119", "by Rita Review", "printed"):
            assert words in said
        assert f"Page {number} of {len(reader.pages)}" in said


def _tags(element: Any) -> list[str]:
    element = element.get_object()
    if isinstance(element, ArrayObject):
        return [tag for one in element for tag in _tags(one)]
    if not isinstance(element, DictionaryObject):
        return []
    own = [str(element["/S"])] if "/S" in element else []
    return own + (_tags(element["/K"]) if "/K" in element else [])


def test_it_is_tagged_as_the_other_reports_are() -> None:
    root = PdfReader(io.BytesIO(_pdf(everything()))).root_object
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(root["/Lang"]).startswith("en")
    tags = _tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/P"} <= set(tags)


def test_a_synthetic_patient_is_marked_on_every_page() -> None:
    patient = cast.registered("SYN-1", synthetic=True)
    _, said = read(_pdf(patient))
    assert "SYNTHETIC" in said
    assert "Synthetic patient, not a real person." in said


def test_of_very_many_lines_the_newest_are_printed_and_the_rest_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printed, "LINES_PRINTED", 3)
    patient = cast.registered()
    for place in range(4):
        AuditEvent.objects.create(
            at=timezone.now() + timedelta(seconds=place - 60),
            actor=f"user{place}",
            actor_name=f"User {place}",
            action=AuditEvent.Action.PATIENT_VIEWED,
            patient_id=patient.pk,
        )
    _, said = read(_pdf(patient))
    # With the registration and this copy there are six.
    assert "3 older lines are in the JSON file alone." in said
    assert "User 3" in said
    assert "user1" not in said
