"""Who may be meant: patients by numbers and names they have, or had before a correction."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from scoring.entry.folding import normalised_hospital_number
from scoring.entry.identity import Identity, SamePerson, names_of, same_person, zero_variants
from scoring.models import NumberMerge, Patient, PatientCorrection
from scoring.queries.access_log import patients_of_number
from scoring.queries.need_to_know import current_limit, is_seen, seen
from scoring.queries.number_merges import merge_of, same_patient

SAME_NAMES_SHOWN = 5


@dataclass(frozen=True)
class Likeness:
    """A patient on record who may be the one entered.

    ``correction`` is the one that took the number entered away from the patient.
    """

    patient: Patient
    why: SamePerson
    correction: PatientCorrection | None = None


def identity_entered(
    hospital_number: str, family_name: str, given_name: str, birth_date: date | None
) -> Identity:
    """An identity as it is compared with others, in whatever spelling it was entered."""
    return Identity(
        normalised_hospital_number(hospital_number),
        names_of(family_name, given_name),
        birth_date,
    )


def likenesses(entered: Identity, *, besides: Patient | None = None) -> list[Likeness]:
    """Everybody on record who may be the person entered, ordered by number.

    ``besides`` is known not to be asked about.
    """
    merged = same_patient(entered.number) - {entered.number}
    numbers = {entered.number, *zero_variants(entered.number)}
    corrected = Q(old_hospital_number__in=numbers)
    others = zero_variants(entered.number) | merged
    found = Q(hospital_number__in=others)
    if entered.names and entered.birth_date is not None:
        corrected |= Q(old_birth_date=entered.birth_date)
        found |= Q(birth_date=entered.birth_date)
    former = PatientCorrection.objects.filter(corrected).values_list("patient", flat=True)
    pks = {*Patient.objects.filter(found).values_list("pk", flat=True), *former}
    if besides is not None:
        pks.discard(besides.pk)
    patients = Patient.objects.filter(seen(), pk__in=pks).prefetch_related("corrections")
    by_number = patients.order_by("hospital_number")
    told = [_likeness(entered, patient, merged) for patient in by_number]
    return [likeness for likeness in told if likeness is not None]


def _likeness(entered: Identity, patient: Patient, merged: Set[str]) -> Likeness | None:
    corrections = sorted(patient.corrections.all(), key=lambda one: -one.revision)
    why = same_person(entered, identity_of(patient), *map(_before, corrections))
    if patient.hospital_number in merged and why is not SamePerson.FORMER_NUMBER:
        return Likeness(patient, SamePerson.MERGED_NUMBER)
    if why is None:
        return None
    given_up = (one for one in corrections if one.old_hospital_number == entered.number)
    taken = next((one for one in given_up if one.new_hospital_number != entered.number), None)
    return Likeness(patient, why, taken if why is SamePerson.FORMER_NUMBER else None)


def identity_of(patient: Patient) -> Identity:
    """The identity on record."""
    return identity_entered(
        patient.hospital_number, patient.family_name, patient.given_name, patient.birth_date
    )


def _before(correction: PatientCorrection) -> Identity:
    return identity_entered(
        correction.old_hospital_number,
        correction.old_family_name,
        correction.old_given_name,
        correction.old_birth_date,
    )


def same_name(patient: Patient | None, family_name: str, given_name: str) -> list[Patient]:
    """Other patients who have, or had, the very same name, in either order."""
    names = names_of(family_name, given_name)
    if not names:
        return []
    named = Patient.objects.filter(_is_named("search_name", names), seen())
    corrections = PatientCorrection.objects.filter(seen("patient__"))
    former = corrections.filter(_is_named("old_search_name", names))
    pks = {
        *named.values_list("pk", flat=True)[: SAME_NAMES_SHOWN + 1],
        *former.values_list("patient", flat=True)[: SAME_NAMES_SHOWN + 1],
    }
    if patient is not None:
        pks.discard(patient.pk)
    found = Patient.objects.filter(pk__in=pks).order_by("hospital_number")
    return list(found[:SAME_NAMES_SHOWN])


def holders(number: str) -> list[Patient]:
    """Who has a number; where it is nobody's, who has one that the hospital merged with it."""
    found = list(Patient.objects.filter(hospital_number__in=same_patient(number)))
    return [patient for patient in found if patient.hospital_number == number] or found


def is_of_somebody_unseen(number: str) -> bool:
    """Whether a number, in its one spelling, is of a patient who is not seen.

    Whose it is decides; where it is nobody's any more, who had it before a correction, or has one
    that the hospital merged with it.
    """
    if current_limit() is None:
        return False
    whose = holders(number)
    if number not in {patient.hospital_number for patient in whose}:
        whose += Patient.objects.filter(pk__in=patients_of_number(number))
    return not all(map(is_seen, whose))


def merge_shown(number: str) -> NumberMerge | None:
    """What merged a number into another one; None also where it is of somebody unseen."""
    merge = merge_of(normalised_hospital_number(number))
    return None if merge is None or is_of_somebody_unseen(merge.prior_number) else merge


def birth_dates(numbers: Collection[str]) -> dict[str, date]:
    """By hospital number, when patients on record who are seen were born, where it is known."""
    if not numbers:
        return {}
    found = Patient.objects.filter(seen(), hospital_number__in=numbers)
    born = found.values_list("hospital_number", "birth_date")
    return {number: day for number, day in born if day is not None}


def _is_named(field: str, names: Set[str]) -> Q:
    """Whether the last word of a search text is one of the names: that is the whole name."""
    found = Q(**{f"{field}__in": names})
    for name in sorted(names):
        found |= Q(**{f"{field}__endswith": f" {name}"})
    return found
