"""Hospital numbers that the hospital merged: which number a patient has now, and had before.

Of a number that several merges name, the newest holds: where it is the number that survived, the
number is used. So a merge can be turned round, and no number leads back to itself.
"""

from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef, Q

from scoring.models import Assessment, NumberMerge, Patient
from scoring.models.codes import State
from scoring.queries.need_to_know import seen

_SHOWN = 20


def _merges_away(numbers: Collection[str]) -> dict[str, NumberMerge]:
    """What merged each number into another one; those that are used are left out."""
    named = Q(prior_number__in=numbers) | Q(surviving_number__in=numbers)
    newest: dict[str, NumberMerge] = {}
    for merge in NumberMerge.objects.filter(named).select_related("message").order_by("pk"):
        for number in (merge.prior_number, merge.surviving_number):
            newest[number] = merge
    return {number: newest[number] for number in numbers if _is_away(number, newest)}


def _is_away(number: str, newest: Mapping[str, NumberMerge]) -> bool:
    return number in newest and newest[number].prior_number == number


def merge_of(number: str) -> NumberMerge | None:
    """What merged a number into another one; None where the number is used."""
    return _merges_away([number]).get(number)


def surviving_number(number: str) -> str:
    """The number that the patient of a number has now, by all merges."""
    return surviving_numbers([number])[number]


def surviving_numbers(numbers: Collection[str]) -> dict[str, str]:
    """The same of several, in so many statements as the longest chain of merges has."""
    now = {number: number for number in numbers}
    at_last = set(now)
    while at_last:
        merges = _merges_away(at_last)
        into = {number: merge.surviving_number for number, merge in merges.items()}
        now = {number: into.get(last, last) for number, last in now.items()}
        at_last = set(into.values())
    return now


def merged_into(number: str) -> frozenset[str]:
    """The numbers that the patient of a number had before, by all merges."""
    found: set[str] = set()
    at_last = {number}
    while at_last:
        told = NumberMerge.objects.filter(surviving_number__in=at_last)
        before = set(told.values_list("prior_number", flat=True)) - found
        merges = _merges_away(before).values()
        at_last = {each.prior_number for each in merges if each.surviving_number in at_last}
        found |= at_last
    return frozenset(found)


def numbers_of(number: str) -> frozenset[str]:
    """A number, and those that the patient had before: what was sent for them is this patient's."""
    return merged_into(number) | {number}


def same_patient(number: str) -> frozenset[str]:
    """All numbers that merges made one patient's, with this one."""
    return numbers_of(surviving_number(number))


def patients_to_correct() -> list[tuple[Patient, NumberMerge, str]]:
    """Patients on record with assessments in use under a number that was merged into another.

    Each with that merge, and the number that the patient has now.
    """
    in_use = Assessment.objects.filter(patient=OuterRef("pk"), current_of__isnull=False)
    # One that was turned round must not take the place of another.
    turned = NumberMerge.objects.filter(
        surviving_number=OuterRef("prior_number"), pk__gt=OuterRef("pk")
    )
    away = NumberMerge.objects.filter(prior_number=OuterRef("hospital_number"))
    found = Patient.objects.filter(seen(), Exists(away.exclude(Exists(turned))))
    found = found.filter(Exists(in_use.exclude(state=State.VOIDED))).order_by("hospital_number")
    patients = list(found[:_SHOWN])
    merges = _merges_away([patient.hospital_number for patient in patients])
    now = surviving_numbers({merge.surviving_number for merge in merges.values()})
    pairs = ((patient, merges.get(patient.hospital_number)) for patient in patients)
    return [(patient, merge, now[merge.surviving_number]) for patient, merge in pairs if merge]
