"""Which results of laboratories the values of a version were taken from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from scoring import queries
from scoring.models import Assessment, LaboratoryResult, LaboratorySource
from scoring.nomogram.rong2025.model import RONG_2025

# Keys of results by the field of the predictor, as a form says them.
Taken: TypeAlias = Mapping[str, int]
NOTHING_TAKEN: Taken = MappingProxyType({})


def keep_sources(version: Assessment, taken: Taken) -> list[LaboratorySource]:
    """Keep for a version just saved which of its values are those of these results.

    A value that was changed after it was taken over was typed.
    """
    if not taken:
        return []
    found = {result.pk: result for result in queries.results(taken.values())}
    fitting = {
        field: found[pk]
        for field, pk in taken.items()
        if pk in found and _is_of(version, field, found[pk])
    }
    return [_kept(version, field, result) for field, result in fitting.items()]


def copy_sources(version: Assessment, of: Assessment) -> list[LaboratorySource]:
    """Keep for a version with the same values of laboratories where they come from."""
    return [_kept(version, field, one.result) for field, one in of.sources_by_predictor.items()]


def _kept(version: Assessment, field: str, result: LaboratoryResult) -> LaboratorySource:
    return LaboratorySource.objects.create(
        assessment=version,
        predictor=field,
        result=result,
        message_digest=result.message.digest,
    )


def _is_of(version: Assessment, field: str, result: LaboratoryResult) -> bool:
    """Whether the version says of a predictor what the result says."""
    beside = RONG_2025.provenances[field]
    site = getattr(version, beside.site_field) if beside.site_field else ""
    return (
        (result.predictor, result.unusable) == (field, "")
        and result.hospital_number == version.patient.hospital_number
        and result.value == getattr(version, field)
        and result.taken_on == getattr(version, beside.date_field)
        and result.form_site in {"", site}
    )
