"""Need-to-know: whose patients the user of this request sees. Lists and look-ups ask here.

The limit is set for each request and stays with its thread, as the time zone does, because an
export is read after its view. Commands have none. Actions and the validation don't ask.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from scoring.models import Assessment, Patient, Ward
from scoring.queries.users import people


@dataclass(frozen=True)
class Limit:
    """A user's own ward, None for none, and the patients opened with a reason."""

    ward_id: int | None
    opened: tuple[UUID, ...] = ()


_limit: ContextVar[Limit | None] = ContextVar("need_to_know", default=None)


def limit_to(limit: Limit | None) -> None:
    """From now on this thread sees the patients of a ward; None ends that."""
    _limit.set(limit)


def current_limit() -> Limit | None:
    """The limit of this thread; None where all patients are seen."""
    return _limit.get()


def seen(of: str = "") -> Q:
    """A condition on rows: their patient, at this path of fields, is seen. Empty without a limit.

    A patient without a ward is seen by everybody.
    """
    limit = current_limit()
    if limit is None:
        return Q()
    found = Q(**{f"{of}ward__isnull": True}) | Q(**{f"{of}pk__in": limit.opened})
    return found if limit.ward_id is None else found | Q(**{f"{of}ward": limit.ward_id})


def opens() -> Q:
    """A condition on versions: the page of each opens, as ``unseen_patient_of`` tells of one.

    Lists show rows of patients who are seen. What hands out whole versions asks for this besides:
    an assessment that was moved is about both patients.
    """
    if current_limit() is None:
        return Q()
    of_chain = Assessment.objects.filter(chain=OuterRef("chain"))
    return ~Q(Exists(of_chain.exclude(seen("patient__"))))


def is_seen(patient: Patient) -> bool:
    """Whether this patient is seen; asks the database nothing."""
    limit = current_limit()
    if limit is None or patient.ward_id in {None, limit.ward_id}:
        return True
    return patient.pk in limit.opened


def unseen_patient_of(pk: UUID) -> Patient | None:
    """Whoever is not seen of the patients that a page is about by the id in its address.

    The page of an assessment that was moved tells of both patients. None where all are seen.
    """
    if current_limit() is None:
        return None
    of_page = Q(pk=pk) | Q(assessments__chain__versions=pk)
    return Patient.objects.filter(of_page).exclude(seen()).first()


def wards() -> list[Ward]:
    """Every ward, by name."""
    return list(Ward.objects.order_by("name"))


def users_without_ward() -> int:
    """How many people who can sign in belong to no ward."""
    return people().filter(is_active=True, ward=None).count()


def patients_without_ward() -> int:
    """How many patients everybody sees."""
    return Patient.objects.filter(ward=None).count()
