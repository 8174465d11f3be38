"""The cast of the tests: Alice and Bob of the ward, their patients, the paper's worked example.

Everything is written through the actions, as the site does it. Days lie in the past, so that the
tests say the same on every day they run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.contrib.auth.models import Group
from django.utils import timezone

from scoring import actions
from scoring.entry import AssessmentEntry, Input, PatientEntry, Submission
from scoring.models import Assessment, Patient, Role, User
from scoring.models.codes import Change
from scoring.nomogram.eligibility import Answer, Criterion, study_answer
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1

PASSWORD = "correct horse battery"
OPERATION = date(2025, 3, 13)
BORN = date(1944, 7, 14)  # 80 years old on the day of the operation
LAB = date(2025, 3, 11)


def alice() -> User:
    """Dr Alice Moore, who makes most of the assessments."""
    return account("alice", "Dr Alice Moore", Role.CLINICIAN)


def alice_with_all_roles() -> User:
    """Alice, who may do whatever anybody may."""
    user = alice()
    user.groups.set(Group.objects.filter(name__in=Role))
    return user


def bob() -> User:
    """Dr Bob Keller, a colleague on the same ward."""
    return account("bob", "Dr Bob Keller", Role.CLINICIAN)


def rita() -> User:
    """Rita Review, who reads everything and changes nothing."""
    return account("rita", "Rita Review", Role.REVIEWER)


def adam() -> User:
    """Adam Berg of the IT department, who manages users and sees no patient."""
    return account("adam", "Adam Berg", Role.ADMINISTRATOR)


def nora() -> User:
    """Nora Lind, whose account has no role yet."""
    return account("nora", "Nora Lind")


def account(username: str, display_name: str, *roles: Role) -> User:
    """An account with these roles, made where there is none of that name."""
    found = User.objects.filter(username=username).first()
    return found or actions.create_user(
        by=None, username=username, display_name=display_name, password=PASSWORD, roles=roles
    )


def submission(token: UUID | None = None) -> Submission:
    """One press of the save button."""
    return Submission(token=token or uuid4(), origin=actions.NOWHERE)


def person(hospital_number: str = "H100234", **changes: Any) -> PatientEntry:
    """A new patient, Wang Xiulan unless told otherwise."""
    usual = PatientEntry(
        hospital_number=hospital_number,
        family_name="Wang",
        given_name="Xiulan",
        birth_date=BORN,
        sex="female",
    )
    return replace(usual, **changes)


def registered(hospital_number: str = "H100234", **changes: Any) -> Patient:
    """A patient on record."""
    return actions.register_patient(
        by=alice(), entry=person(hospital_number, **changes), origin=actions.NOWHERE
    )


def measured(text: str, day: date | None = LAB) -> Input:
    """A number as typed."""
    return Input(value=Decimal(text.replace(",", ".")), typed=text, source_date=day)


def study_answers(**changes: Answer) -> dict[Criterion, Answer]:
    """The ten answers every patient of the study had, with changes."""
    answers = {criterion: study_answer(criterion) for criterion in Criterion}
    return answers | {Criterion(name): answer for name, answer in changes.items()}


def changed(entry: AssessmentEntry, **changes: Any) -> AssessmentEntry:
    """The same entry with changes by field: an input or its value, the day of its source."""
    for field, beside in RONG_2025.provenances.items():
        if field in changes:
            to = changes.pop(field)
            whole = isinstance(to, Input)
            more = {"typed": to.typed, "source_date": to.source_date} if whole else {}
            entry = entry.with_input(field, value=to.value if whole else to, **more)
        if beside.date_field in changes:
            entry = entry.with_input(field, source_date=changes.pop(beside.date_field))
    return replace(entry, **changes)


def worked_example(**changes: Any) -> AssessmentEntry:
    """The patient of the paper's section 4: 183.886 points, 76.1 %."""
    usual = AssessmentEntry(
        operation_date=OPERATION,
        operation_time=None,
        operation_status="done",
        fracture_level="L1",
        answers=study_answers(),
        age_years=None,
        inputs_by_field={
            "t_score": replace(measured("-2.0", date(2025, 3, 10)), site="lumbar_spine"),
            "trauma_history": Input(value=True, source_date=date(2025, 3, 9)),
            "posterior_fascia_edema": Input(value=True, source_date=date(2025, 3, 12)),
            "pdw_fl": measured("12.80"),
            "chloride_mmol_l": measured("105"),
            "mvh_restored": Input(value=False, source_date=date(2025, 3, 14)),
        },
    )
    return changed(usual, **changes)


def before_the_radiograph(**changes: Any) -> AssessmentEntry:
    """The same patient while the middle vertebral height is not known yet."""
    return worked_example(**{"mvh_restored": None, "radiograph_date": None} | changes)


def recorded(
    patient: Patient | PatientEntry | None = None,
    entry: AssessmentEntry | None = None,
    *,
    by: User | None = None,
    token: UUID | None = None,
) -> Assessment:
    """An assessment on record, read back as a page reads it."""
    made = actions.record_assessment(
        by=by or alice(),
        patient=patient or person(),
        entry=entry or worked_example(),
        submission=submission(token),
    )
    return Assessment.objects.select_related("patient", "chain").get(pk=made.pk)


@contextmanager
def by_version_1() -> Iterator[None]:
    """What is recorded meanwhile is scored with version 1 of the model, as before version 2."""
    with (
        patch("scoring.actions.scored.RONG_2025", RONG_2025_VERSION_1),
        patch("scoring.actions.recalibrations.RONG_2025", RONG_2025_VERSION_1),
    ):
        yield


def next_version(previous: Assessment, **changes: Any) -> Assessment:
    """A version that follows another one, put on record as a row by itself."""
    following = Assessment.objects.get(pk=previous.pk)
    values = {
        "pk": uuid4(),
        "version": previous.version + 1,
        "supersedes_id": previous.pk,
        "supersedes_version": previous.version,
        "form_token": uuid4(),
        "created_at": timezone.now(),
        "change": Change.AMEND,
        "reason": "Chloride was read from the wrong sheet",
    }
    for name, value in (values | changes).items():
        setattr(following, name, value)
    following.save(force_insert=True)
    return Assessment.objects.select_related("patient", "chain").get(pk=following.pk)


def form_data(**changes: Any) -> dict[str, Any]:
    """The worked example as the form sends it; a value of None leaves the field out."""
    usual = {
        "form_token": str(uuid4()),
        "hospital_number": "H100234",
        "family_name": "Wang",
        "given_name": "Xiulan",
        "birth_date": "14-Jul-1944",
        "sex": "female",
        "operation_status": "done",
        "operation_date": "13-Mar-2025",
        "operation_time": "",
        "fracture_level": "L1",
        **{criterion.value: study_answer(criterion).value for criterion in Criterion},
        "age_years": "",
        "t_score": "-2.0",
        "dxa_site": "lumbar_spine",
        "dxa_date": "10-Mar-2025",
        "trauma_history": "yes",
        "trauma_history_date": "09-Mar-2025",
        "posterior_fascia_edema": "yes",
        "mri_date": "12-Mar-2025",
        "pdw_fl": "12.80",
        "pdw_unit": "fL",
        "pdw_date": "11-Mar-2025",
        "chloride_mmol_l": "105",
        "chloride_date": "11-Mar-2025",
        "mvh_restored": "no",
        "radiograph_date": "14-Mar-2025",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def written(day: date) -> str:
    """A day as people type it into the form."""
    return day.isoformat()


def from_today(days: int) -> str:
    """A day before (negative) or after today, as typed."""
    return written(timezone.localdate() + timedelta(days=days))
