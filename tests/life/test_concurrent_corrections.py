"""Several people correct a patient at the same moment: exactly one is first."""

from functools import partial
from uuid import uuid4

import pytest

from scoring import actions
from scoring.models import AuditEvent, Patient, PatientCorrection, User
from tests import cast
from tests.life import acts
from tests.same_moment import PEOPLE, ROUNDS, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_several_corrected_identities_exactly_one_is_made(staff: list[User]) -> None:
    for round_number in range(ROUNDS):
        patient = cast.registered(f"H{round_number}")
        jobs = [
            partial(
                acts.corrected,
                patient,
                cast.person(patient.hospital_number, given_name=f"Xiulan {n}"),
                by=staff[n % 3],
            )
            for n in range(PEOPLE)
        ]
        (winner,), losers = at_once(jobs)
        assert {type(loser) for loser in losers} == {actions.StalePatientError}
        kept = Patient.objects.get(pk=patient.pk)
        assert (kept.given_name, kept.revision) == (winner.given_name, 1)
        assert patient.corrections.count() == 1
    assert AuditEvent.objects.filter(action=AuditEvent.Action.PATIENT_CORRECTED).count() == ROUNDS


def test_one_form_of_an_identity_pressed_by_several_makes_one(staff: list[User]) -> None:
    patient, token = cast.registered(), uuid4()
    entry = cast.person(given_name="Xiulian")
    job = partial(acts.corrected, patient, entry, by=staff[0], token=token)
    made, refused = at_once([job] * PEOPLE)
    assert not refused
    assert {found.given_name for found in made} == {"Xiulian"}
    assert PatientCorrection.objects.count() == 1


def test_one_number_goes_to_one_of_several_patients(staff: list[User]) -> None:
    patients = [cast.registered(f"H{n}") for n in range(PEOPLE)]
    jobs = [partial(acts.corrected, p, cast.person("H99"), by=staff[0]) for p in patients[1:]] + [
        partial(cast.registered, "H99")
    ]
    (winner,), losers = at_once(jobs)
    assert {type(loser) for loser in losers} == {actions.HospitalNumberTakenError}
    assert Patient.objects.get(hospital_number="H99") == winner
    corrected = winner in patients
    assert PatientCorrection.objects.count() == int(corrected)
    assert Patient.objects.count() == PEOPLE + int(not corrected)
