"""Who else may be meant, shown beside the fields of a patient while they are filled in.

Nothing is asked here: ``questions`` asks when the form is saved.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from scoring import queries
from scoring.entry.identity import SamePerson
from scoring.forms import PatientForm
from scoring.forms.identity_texts import likeness_text, merge_text
from scoring.http.actor import log
from scoring.models import AuditEvent, Patient
from scoring.queries import Likeness


@dataclass(frozen=True)
class NumberHint:
    """A patient on record who may be the one of the number that was entered."""

    text: str
    use_number: str


def number_hints(request: HttpRequest, number: str, known: Patient | None) -> list[NumberHint]:
    """Who had the number before a correction, or has it with other leading zeros; what it is now.

    Of a number that is on record, only who had it before, and what the hospital merged it into.
    """
    if not number.strip():
        return []
    found = queries.likenesses(queries.identity_entered(number, "", "", None), besides=known)
    merge = queries.merge_shown(number)
    now = queries.surviving_number(merge.surviving_number) if merge else ""
    if known is not None:
        found = [one for one in found if _holds_of_known(one, now)]
    for likeness in found:
        log(request, AuditEvent.Action.PATIENT_LOOKED_UP, patient=likeness.patient)
    hints = [
        NumberHint(likeness_text(likeness, number.strip()), likeness.patient.hospital_number)
        for likeness in found
    ]
    if merge is not None and now not in {hint.use_number for hint in hints}:
        # Whoever is on record has to be corrected: another number would make a second patient.
        is_on_record = known or any(one.why is SamePerson.MERGED_NUMBER for one in found)
        hints.append(NumberHint(merge_text(merge), "" if is_on_record else now))
    return hints


def _holds_of_known(likeness: Likeness, now: str) -> bool:
    """Whether it is said of a number on record that the hospital merged into ``now``."""
    is_now = likeness.patient.hospital_number == now
    return likeness.why is SamePerson.FORMER_NUMBER or is_now


def namesakes(
    request: HttpRequest, known: Patient | None, family_name: str, given_name: str
) -> list[Patient]:
    """Other patients who have, or had, the very same name."""
    found = queries.same_name(known, family_name, given_name)
    for patient in found:
        log(request, AuditEvent.Action.PATIENT_LOOKED_UP, patient=patient)
    return found


def log_shown(request: HttpRequest, form: PatientForm) -> None:
    """A line in the access log where a form that was sent shows somebody its page did not show."""
    patient = form.patient
    if patient is not None and str(form["known_patient"].value()) != str(patient.pk):
        log(request, AuditEvent.Action.PATIENT_LOOKED_UP, patient=patient)


def beside(request: HttpRequest, form: PatientForm) -> dict[str, object]:
    """Both kinds for a form as it stands, by the names that its templates know them by."""
    # PostgreSQL takes no null character, and no number or name holds one.
    number, family_name, given_name = (
        str(form[name].value() or "").replace("\x00", "")
        for name in ("hospital_number", "family_name", "given_name")
    )
    named = [] if form.patient else namesakes(request, None, family_name, given_name)
    return {"number_hints": number_hints(request, number, form.patient), "namesakes": named}
