"""A patient with everything that can be on record about one, and the copy of it."""

import json
from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from scoring import actions
from scoring.models import Patient
from scoring.nomogram.eligibility import Answer
from tests import cast
from tests.life import acts
from tests.need_to_know.wards import put
from tests.recalibration.local import approved


def everything() -> Patient:
    """Corrected twice, assessed twice, moved once, with outcomes, a draft and looks."""
    put(cast.alice(), "Spine 1")
    approved()
    first = acts.provisional("47110", operation_time=time(8, 30))
    completed = acts.completed(first, radiograph_date=date(2025, 3, 14))
    acts.amended(completed, replace(completed.entry, fracture_level="L2"))
    lost = acts.outcome(first, acts.not_evaluable(30))
    acts.outcome(first, acts.measured(30, 5, new_fracture=False), expected=lost, reason="came late")
    acts.outcome(first, acts.measured(3, 4))
    answers = cast.study_answers(previous_spinal_surgery=Answer.YES)
    moved = cast.recorded(first.patient, cast.worked_example(answers=answers, fracture_level="T9"))
    zhao = cast.registered("H7", family_name="Zhao", given_name="Min")
    acts.amended(moved, patient=zhao, reason="entered under a wrong number")
    acts.outcome(moved, acts.measured(3, 9))
    once = acts.corrected(first.patient, cast.person("47119"), reason="wrong wristband")
    patient = acts.corrected(once, cast.person("47119", family_name="Moore"), reason="married")
    actions.keep_draft(
        owner=cast.alice(),
        token=uuid4(),
        address="/assessments/new",
        fields={"hospital_number": ["47119"], "reason": ["typed, not saved"]},
        patient=patient,
    )
    return patient


def json_copy(client: Client, patient: Patient) -> dict[str, Any]:
    """The JSON copy, as the page hands it out."""
    response = client.post(reverse("patient-copy-json", args=[patient.pk]))
    assert response.status_code == 200
    copy: dict[str, Any] = json.loads(response.content.decode())
    return copy
