"""Results of laboratories, offered beside their fields; nothing is filled in by itself."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from scoring import queries
from scoring.entry.characters import visible
from scoring.entry.folding import normalised_hospital_number
from scoring.forms import PatientForm
from scoring.forms.predictors import taken_field
from scoring.http.actor import log
from scoring.models import AuditEvent, LaboratoryResult, Patient
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.laboratory import value_text
from scoring.words.dates import born_text, day_text, moment_text
from scoring.words.laboratory import unusable_text
from scoring.words.marks import labelled, parts

# So many for each predictor, of a T-score for each site: one message often holds spine and hips.
# And as many that can't be used: they must not hide the others.
_MOST = 2


@dataclass(frozen=True)
class LaboratoryOffer:
    """One result in words, and its message; ``fills`` is "" where ``reason`` says why not.

    ``fills`` are the controls of the form that it fills, as JSON by name.
    """

    key: int
    field: str
    text: str
    message: UUID
    fills: str = ""
    reason: str = ""


def offers(number: str, birth_date: date | None = None) -> list[LaboratoryOffer]:
    """What laboratories sent of a hospital number, whether it is on record or not."""
    number = _plain(number)
    if not number:
        return []
    return list(_newest(number, birth_date))


def _plain(number: str) -> str:
    # PostgreSQL takes no null character, and no number holds one.
    return normalised_hospital_number(number.replace("\x00", ""))


def offers_beside(form: PatientForm, patient: Patient | None) -> list[LaboratoryOffer]:
    """The same for a form as it stands."""
    if patient is not None:
        return offers(patient.hospital_number, patient.birth_date)
    return offers(str(form["hospital_number"].value() or ""), _birth_date(form))


def _birth_date(form: PatientForm) -> date | None:
    """What was typed, as far as it can be read."""
    try:
        day: date | None = form.fields["birth_date"].clean(form["birth_date"].value())
    except ValidationError:
        return None
    return day


def shown(
    request: HttpRequest, form: PatientForm, patient: Patient | None
) -> list[LaboratoryOffer]:
    """What the page of a form shows; of somebody who is not on record with a line in the log.

    Of a patient on record the look-up has its line.
    """
    found = offers_beside(form, patient)
    if found and patient is None:
        number = _plain(str(form["hospital_number"].value() or ""))
        log(request, AuditEvent.Action.PATIENT_LOOKED_UP, detail={"hospital_number": number})
    return found


def _newest(number: str, birth_date: date | None) -> Iterator[LaboratoryOffer]:
    shown: Counter[tuple[str, str, bool]] = Counter()
    found = queries.offered_results(number)
    if not found:
        return
    own = queries.numbers_of(number)
    elsewhere = _elsewhere_text(number)
    # Where the message does not say when its patient was born, the record may.
    recorded = queries.birth_dates(own - {number})
    for result in found:
        is_own = result.hospital_number in own
        reason = _reason(result, birth_date, recorded) if is_own else elsewhere
        of_what = (result.predictor, result.site, bool(reason))
        shown[of_what] += 1
        if shown[of_what] <= _MOST:
            yield _offer(result, number, reason)


def _offer(result: LaboratoryResult, number: str, reason: str) -> LaboratoryOffer:
    when = (
        moment_text(result.taken_at)
        if result.taken_at
        else day_text(result.taken_on)
        if result.taken_on
        else _("date not stated")
    )
    said = [value_text(result), when, *filter(None, [visible(result.device)])]
    if result.hospital_number != number:
        said.append(_("sent for %(number)s") % {"number": result.hospital_number})
    return LaboratoryOffer(
        key=result.pk,
        field=result.predictor,
        text=labelled(_("Laboratory"), parts(*said)),
        message=result.message_id,
        fills="" if reason else json.dumps(_fills(result)),
        reason=reason,
    )


def _elsewhere_text(number: str) -> str:
    """Why what came under another number can't be taken over under this one."""
    return _("the hospital merged %(number)s into %(surviving)s: correct the number first") % {
        "number": number,
        "surviving": queries.surviving_number(number),
    }


def _reason(result: LaboratoryResult, birth_date: date | None, recorded: Mapping[str, date]) -> str:
    if result.unusable:
        return unusable_text(result.unusable)
    born = result.birth_date or recorded.get(result.hospital_number)
    if birth_date and born and born != birth_date:
        return _("the message is about somebody %(born)s") % {"born": born_text(born)}
    return ""


def _fills(result: LaboratoryResult) -> dict[str, str]:
    field = result.predictor
    beside = RONG_2025.provenances[field]
    if result.value is None:
        raise TypeError("a result without a value is not offered")
    return {
        field: f"{result.value.normalize():f}",
        beside.date_field: day_text(result.taken_on) if result.taken_on else "",
        **({beside.site_field: result.form_site} if beside.site_field else {}),
        **({beside.unit_field: RONG_2025.numeric[field].unit} if beside.unit_field else {}),
        taken_field(beside): str(result.pk),
    }
