"""Which results of laboratories and FHIR servers the values of a version were taken from."""

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import TypeAlias

from django.db import connection
from django.utils import timezone

from scoring import queries
from scoring.entry.read_result import ResultOfServer
from scoring.models import (
    Assessment,
    LaboratoryMessage,
    LaboratoryResult,
    LaboratorySource,
    MessageKind,
    MessageState,
)
from scoring.nomogram.rong2025.model import RONG_2025

# By the field of the predictor: the key of a laboratory's result, as a form says it, or what was
# read from a FHIR server.
Taken: TypeAlias = Mapping[str, int | ResultOfServer]
NOTHING_TAKEN: Taken = MappingProxyType({})
# Held while a resource is kept, so that two assessments keep it once: any number, always the same,
# and no other lock's. 16255185 is held by the receiver of laboratory messages as long as it runs.
_LOCK = 16255186


def keep_sources(version: Assessment, taken: Taken) -> list[LaboratorySource]:
    """Keep for a version just saved which of its values are those of these results.

    A value that was changed after it was taken over was typed.
    """
    if not taken:
        return []
    keys = [key for key in taken.values() if isinstance(key, int)]
    found = {result.pk: result for result in queries.results(keys)} if keys else {}
    numbers = queries.numbers_of(version.patient.hospital_number)
    kept = []
    for field, what in taken.items():
        result = found.get(what) if isinstance(what, int) else _unsaved(what)
        if result is None or result.hospital_number not in numbers:
            continue
        if _is_of(version, field, result):
            kept.append(_kept(version, field, result))
    return kept


def copy_sources(version: Assessment, of: Assessment) -> list[LaboratorySource]:
    """Keep for a version with the same values where they come from."""
    return [_kept(version, field, one.result) for field, one in of.sources_by_predictor.items()]


def _kept(version: Assessment, field: str, result: LaboratoryResult) -> LaboratorySource:
    if result.pk is None:
        result = _once(result)
    return LaboratorySource.objects.create(
        assessment=version,
        predictor=field,
        result=result,
        message_digest=result.message.digest,
    )


def _unsaved(taken: ResultOfServer) -> LaboratoryResult:
    """A result of a FHIR server with its resource, as they are kept."""
    read = taken.result
    raw = read.resource.encode()
    digest = sha256(raw).hexdigest()
    name = f"{read.reference}/_history/{read.version}" if read.version else read.reference
    message = LaboratoryMessage(
        kind=MessageKind.FHIR,
        received_at=timezone.now(),
        sender=taken.server[:180],
        facility=taken.base,
        control_id=name,
        key=sha256("\r".join((taken.base, name, digest)).encode()).hexdigest(),
        raw=raw,
        codec="utf-8",
        digest=digest,
        state=MessageState.ACCEPTED,
    )
    return LaboratoryResult(
        message=message,
        hospital_number=taken.hospital_number,
        birth_date=taken.birth_date,
        predictor=read.field,
        site=read.site,
        value=read.value,
        value_text=read.value_text[:100],
        unit=read.unit[:40],
        taken_on=read.day,
        taken_at=read.moment,
        device=read.source[:60],
        code=read.code[:120],
        status=read.status,
    )


def _once(result: LaboratoryResult) -> LaboratoryResult:
    """The result on record; it is kept now unless an earlier assessment took it over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known = LaboratoryResult.objects.select_related("message").filter(
        message__key=result.message.key,
        message__state=MessageState.ACCEPTED,
        hospital_number=result.hospital_number,
        predictor=result.predictor,
    )
    if (found := known.first()) is not None:
        return found
    message = LaboratoryMessage.objects.filter(key=result.message.key).first()
    if message is None:
        message = result.message
        message.save(force_insert=True)
    result.message = message
    result.save(force_insert=True)
    return result


def _is_of(version: Assessment, field: str, result: LaboratoryResult) -> bool:
    """Whether the version says of a predictor what a result of its patient says."""
    beside = RONG_2025.provenances[field]
    site = getattr(version, beside.site_field) if beside.site_field else ""
    return (
        (result.predictor, result.unusable) == (field, "")
        and result.value == getattr(version, field)
        and result.taken_on == getattr(version, beside.date_field)
        and result.form_site in {"", site}
    )
