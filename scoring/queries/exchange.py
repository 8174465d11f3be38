"""What other programs read by FHIR: current versions by number, patient and time of change.

Whom the account of the application does not see is left out (``need_to_know``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet, prefetch_related_objects

from scoring.models import Assessment, Outcome, Patient, PatientCorrection
from scoring.queries.keyset import Cursor, Hits, ListPage, hits, page
from scoring.queries.need_to_know import opens, seen
from scoring.queries.record import whole_assessments


@dataclass(frozen=True)
class Asked:
    """What versions are asked for; None where it does not matter.

    ``targets``: chains, each with the number of a version or with None for all of them.
    ``changed``: pairs of a comparison of Django ("gte", "lt") and a moment. ``is_every``: also
    versions that were replaced.
    """

    chains: frozenset[UUID] | None = None
    versions: frozenset[UUID] | None = None
    patients: frozenset[UUID] | None = None
    serials: frozenset[tuple[int, int]] | None = None
    targets: frozenset[tuple[UUID, int | None]] | None = None
    changed: tuple[tuple[str, datetime], ...] = ()
    is_every: bool = False


def exchanged(asked: Asked, *, size: int, before: Cursor | None) -> ListPage[Assessment]:
    """A page of versions with what a resource needs, the latest change first."""
    return page(_found(asked), moment="created_at", size=size, before=before, after=None)


def count_exchanged(asked: Asked) -> Hits:
    """How many there are on all pages."""
    return hits(_found(asked))


def exchanged_values(
    asked: Asked, *, size: int, before: Cursor | None
) -> tuple[ListPage[Assessment | Outcome], Hits]:
    """A page of versions and of later outcomes, which both hold values; and how many there are.

    An outcome that is older than the version changed with it: ``earlier_outcomes`` has it.
    """
    found = (_found(asked), _later_outcomes(asked))
    rows: ListPage[Any] = page(*found, moment="created_at", size=size, before=before, after=None)
    return rows, hits(*found)


def earlier_outcomes(rows: Iterable[Assessment | Outcome]) -> Mapping[UUID, list[Outcome]]:
    """The outcomes that are older than the versions among these rows, by the version's key."""
    versions = {row.chain_id: row for row in rows if isinstance(row, Assessment)}
    found = defaultdict(list)
    for one in _standing(Outcome.objects.filter(chain__in=versions)).order_by("time_point"):
        version = versions[one.chain_id]
        if one.created_at <= version.created_at:
            found[version.pk].append(one)
    return found


def with_makers(versions: Sequence[Assessment]) -> Sequence[Assessment]:
    """The same, with who made them and what they took from other systems."""
    prefetch_related_objects(
        versions, "created_by__groups", "created_by__application_token", "laboratory_sources"
    )
    return versions


def _later_outcomes(asked: Asked) -> QuerySet[Outcome]:
    """The outcomes that hold now, or were undone, since the current version was made."""
    found = _standing(_seen_outcomes()).filter(created_at__gt=F("chain__current__created_at"))
    if asked.patients is not None:
        found = found.filter(chain__current__patient__in=asked.patients)
    return found.filter(_changed(asked))


def _seen_outcomes() -> QuerySet[Outcome]:
    return Outcome.objects.select_related("chain__current__patient").filter(opens())


def _standing(outcomes: QuerySet[Outcome]) -> QuerySet[Outcome]:
    return outcomes.filter(superseded_by=None)


def exchanged_outcome(
    chain: UUID, time_point: int, versions: tuple[int, int] | None
) -> tuple[Outcome, Assessment] | None:
    """The outcome of a time point and the version of the assessment that it stands beside.

    ``versions`` of both, the current ones where none are named. None where it is not seen.
    """
    found = _seen_outcomes().filter(chain=chain, time_point=time_point)
    found = _standing(found) if versions is None else found.filter(version=versions[0])
    outcome, of = found.first(), exchanged_version(chain, versions[1] if versions else None)
    return None if outcome is None or of is None else (outcome, of)


def _found(asked: Asked) -> QuerySet[Assessment]:
    found = _seen_versions()
    if not asked.is_every:
        found = found.filter(chain__current=F("pk"))
    if asked.chains is not None:
        found = found.filter(chain__in=asked.chains)
    if asked.versions is not None:
        found = found.filter(pk__in=asked.versions)
    if asked.patients is not None:
        found = found.filter(patient__in=asked.patients)
    if asked.serials is not None:
        found = found.filter(_numbered(asked.serials))
    if asked.targets is not None:
        found = found.filter(_named(asked.targets))
    return found.filter(_changed(asked))


def _changed(asked: Asked) -> Q:
    return Q(*((f"created_at__{comparison}", moment) for comparison, moment in asked.changed))


def _named(targets: Iterable[tuple[UUID, int | None]]) -> Q:
    wanted = Q(pk__in=[])
    for chain, version in targets:
        wanted |= Q(chain=chain) if version is None else Q(chain=chain, version=version)
    return wanted


def _numbered(serials: Iterable[tuple[int, int]]) -> Q:
    wanted = Q(pk__in=[])
    for year, serial in serials:
        wanted |= Q(chain__report_year=year, chain__report_serial=serial)
    return wanted


def _seen_versions() -> QuerySet[Assessment]:
    corrections = Prefetch("patient__corrections", PatientCorrection.objects.order_by("revision"))
    return (
        whole_assessments()
        .select_related("chain__current")
        .prefetch_related(corrections)
        .filter(opens())
    )


def exchanged_version(chain: UUID, version: int | None) -> Assessment | None:
    """The version of a chain, the current one where none is named; None where it is not seen."""
    which = Q(chain__current=F("pk")) if version is None else Q(version=version)
    return _seen_versions().filter(which, chain=chain).first()


def exchanged_report(pk: UUID) -> Assessment | None:
    """The version with this id; None where it is not seen."""
    return _seen_versions().filter(pk=pk).first()


def exchanged_patients(
    *, pks: frozenset[UUID] | None = None, numbers: frozenset[str] | None = None
) -> list[Patient]:
    """The patients with these ids and hospital numbers; None where that does not matter."""
    found = Patient.objects.filter(seen()).prefetch_related("corrections")
    if pks is not None:
        found = found.filter(pk__in=pks)
    if numbers is not None:
        found = found.filter(hospital_number__in=numbers)
    return list(found.order_by("hospital_number"))
