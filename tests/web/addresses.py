"""Every address of the site by its name."""

from collections.abc import Iterator, Mapping
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from scoring import actions
from scoring.models import Assessment, Role
from scoring.nomogram.rong2025.model import RONG_2025
from tests import cast
from tests.laboratory.kept import kept_message
from tests.laboratory.messages import obx, oru
from tests.recalibration.local import proposed
from tests.tokens import token_of


def patterns() -> dict[str, URLPattern]:
    """Every address of the site by its name."""
    return {str(pattern.name): pattern for pattern in _below(get_resolver())}


def address_of(name: str, records: Mapping[str, UUID | str]) -> str:
    """The address of this name about the records of ``records_of``."""
    record = records.get(name.split("-")[0])
    return reverse(name, kwargs=dict.fromkeys(patterns()[name].pattern.converters, record))


def records_of(assessment: Assessment) -> dict[str, UUID | str]:
    """A record of each kind, by the first word of the addresses about it."""
    token = uuid4()
    actions.keep_draft(
        owner=cast.alice(), token=token, address="/", fields={"reason": ["x"]}, patient=None
    )
    return {
        "draft": token,
        "laboratory": kept_message(oru(obx())).pk,
        "assessment": assessment.pk,
        "outcome": assessment.pk,
        "patient": assessment.patient_id,
        "recalibration": proposed().pk,
        "passkey": uuid4(),
        "user": cast.bob().uuid,
        "token": token_of("Laboratory", Role.CLINICIAN)[0].pk,
        "api": "nothing",
        "fhir": "nothing",
        "cds": "nothing",
        "ehr": uuid4(),
        "help": RONG_2025.fields[0],
    }


def _below(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _below(entry)
        else:
            yield entry
