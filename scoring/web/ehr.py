"""What a hospital's FHIR server said of one patient, kept in the session until the form is saved.

Nothing is taken over by itself: the form shows the identity beside the record's, and offers each
value beside its field, for the hospital number it was read for.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from scoring import queries
from scoring.entry.folding import normalised_hospital_number
from scoring.fhir.problem_texts import problem_text
from scoring.fhir.sent_observation import Problem, Unusable
from scoring.fhir.sent_patient import SentIdentity
from scoring.forms import PatientForm
from scoring.forms.predictors import taken_field
from scoring.http.actor import log
from scoring.models import AuditEvent, Patient
from scoring.models.patient import Sex
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.rows import identity_text
from scoring.web.earlier import Offer, offered_value
from scoring.words.dates import day_text
from scoring.words.marks import parts
from scoring.words.predictors import words_of
from scoring.words.smart import trouble_text

# The field of the form that says which reading belongs to it.
FIELD = "ehr"
_SESSION_KEY = "ehr_readings"
_MOST = 3


@dataclass(frozen=True)
class Value:
    """A value to offer, in the unit of its predictor; ``site`` is "" where the user chooses it.

    ``source`` says what measured it, as far as the server does.
    """

    field: str
    number: Decimal
    day: date
    site: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """The predictor."""
        return str(words_of(RONG_2025.by_field[self.field]).field_label)

    @property
    def text(self) -> str:
        """The value with its unit."""
        return offered_value(RONG_2025.by_field[self.field], float(self.number))

    def offer(self, server: str) -> Offer:
        """What the form shows beside the field, and what its button fills in."""
        beside = RONG_2025.provenances[self.field]
        fills = {
            self.field: format(self.number, "f"),
            beside.date_field: day_text(self.day),
            **({beside.site_field: self.site} if self.site else {}),
            # Not from a laboratory's message, whatever was taken before.
            taken_field(beside): "",
        }
        if beside.unit_field:
            fills[beside.unit_field] = RONG_2025.numeric[self.field].unit
        text = _("%(name)s %(value)s of %(day)s from %(source)s") % {
            "name": self.name,
            "value": self.text,
            "day": day_text(self.day),
            "source": parts(server, self.source) if self.source else server,
        }
        return Offer(self.field, text, json.dumps(fills))


@dataclass(frozen=True)
class Reading:
    """What was read, and why something is not offered. ``unsound``: results that are no FHIR."""

    server: str
    identity: SentIdentity
    values: tuple[Value, ...] = ()
    problems: tuple[Problem, ...] = ()
    trouble: str = ""
    unsound: int = 0
    token: str = ""

    @property
    def identity_text(self) -> str:
        """Who it is, as the server has it."""
        one = self.identity
        who = identity_text(one.family_name, one.given_name, one.birth_date)
        sex = Sex(one.sex).label if one.sex else Sex.NOT_KNOWN.label
        return parts(who, sex, _("hospital no. %(number)s") % {"number": one.number})

    @property
    def not_offered(self) -> list[str]:
        """What is missing, too old or otherwise not to be used, in sentences."""
        said = [trouble_text(self.trouble)] if self.trouble else []
        said += map(_problem_text, self.problems)
        if self.unsound:
            text = _("Results left out, because they are not valid FHIR: %(count)s.")
            said.append(text % {"count": self.unsound})
        return said

    @cached_property
    def on_record(self) -> Patient | None:
        """The patient with the same hospital number."""
        return queries.patient_by_number(self.identity.number)

    @property
    def record_text(self) -> str:
        """Who has the number on record, where it is somebody else by name, birth date or sex."""
        patient = self.on_record
        if patient is None or not queries.is_seen(patient) or self.is_same(patient):
            return ""
        who = identity_text(patient.family_name, patient.given_name, patient.birth_date)
        return parts(who, patient.get_sex_display())

    def is_same(self, patient: Patient) -> bool:
        """Whether the record has the same name and date of birth, and no other sex."""
        one, now = self.identity, queries.identity_of(patient)
        sent = queries.identity_entered(one.number, one.family_name, one.given_name, one.birth_date)
        is_same_sex = patient.sex in {one.sex or patient.sex, Sex.NOT_KNOWN}
        return bool(sent.names & now.names) and sent.birth_date == now.birth_date and is_same_sex

    def offers_for(self, number: str) -> list[Offer]:
        """What a form with this hospital number is offered: nothing for another patient's."""
        own = normalised_hospital_number(self.identity.number)
        if normalised_hospital_number(number) != own:
            return []
        return [value.offer(self.server) for value in self.values]


def _problem_text(problem: Problem) -> str:
    if problem.code is Unusable.SEVERAL_VALUES and problem.predictor is not None:
        name = words_of(problem.predictor).input_name
        return _("%(name)s: results of the same time differ. Look up which one is right.") % {
            "name": name
        }
    return problem_text(problem)


def keep(request: HttpRequest, reading: Reading) -> str:
    """Keep it in the session; the token that the form carries."""
    token = uuid4().hex
    kept = request.session.get(_SESSION_KEY, {})
    newest = dict(list(kept.items())[1 - _MOST :])
    request.session[_SESSION_KEY] = newest | {token: _as_json(reading)}
    return token


def forget(request: HttpRequest) -> None:
    """The form of a reading was saved."""
    kept = request.session.get(_SESSION_KEY, {})
    if kept.pop(request.POST.get(FIELD, ""), None) is not None:
        request.session[_SESSION_KEY] = kept


def reading_of(request: HttpRequest, typed: QueryDict | None = None) -> Reading | None:
    """The reading that the form of this request belongs to; ``typed`` is a form that was kept."""
    if typed is not None:
        request.ehr_token = typed.get(FIELD, "")  # type: ignore[attr-defined]
    named = request.POST.get(FIELD, request.GET.get(FIELD, ""))
    token = getattr(request, "ehr_token", named)
    kept = request.session.get(_SESSION_KEY, {}).get(token)
    return None if kept is None else _from_json(kept, token)


def warn_if_lost(request: HttpRequest) -> None:
    """Say where the address names a reading that this session does not hold any more."""
    if request.GET.get(FIELD) and reading_of(request) is None:
        text = _("What was read from the FHIR server is no longer kept. Read it again.")
        messages.warning(request, text)


def patient_form(request: HttpRequest, reading: Reading) -> PatientForm:
    """The patient of the record where the identity is the same, else the identity to be checked.

    Where it differs, the form asks about it as if it had been typed.
    """
    one, patient = reading.identity, reading.on_record
    form = PatientForm(
        initial={
            "hospital_number": one.number,
            "family_name": one.family_name,
            "given_name": one.given_name,
            "birth_date": day_text(one.birth_date) if one.birth_date else "",
            "sex": one.sex,
        }
    )
    if patient is not None and not queries.is_seen(patient):
        form.patient_elsewhere = patient
    elif patient is not None:
        log(request, AuditEvent.Action.PATIENT_LOOKED_UP, patient=patient)
        form.patient = patient if reading.is_same(patient) else None
    return form


def _as_json(reading: Reading) -> dict[str, Any]:
    one = reading.identity
    return {
        "server": reading.server,
        "identity": [one.number, one.family_name, one.given_name, _iso(one.birth_date), one.sex],
        "values": [
            [value.field, str(value.number), _iso(value.day), value.site, value.source]
            for value in reading.values
        ],
        "problems": [_problem_as_json(problem) for problem in reading.problems],
        "trouble": reading.trouble,
        "unsound": reading.unsound,
    }


def _problem_as_json(problem: Problem) -> list[Any]:
    told = {name: str(value) for name, value in problem.values.items()}
    return [problem.code.value, problem.predictor.field if problem.predictor else "", told]


def _from_json(kept: dict[str, Any], token: str) -> Reading:
    number, family, given, born, sex = kept["identity"]
    return Reading(
        server=kept["server"],
        identity=SentIdentity(number, family, given, _day(born), sex),
        values=tuple(
            Value(field, Decimal(value), date.fromisoformat(day), site, source)
            for field, value, day, site, source in kept["values"]
        ),
        problems=tuple(map(_problem_from_json, kept["problems"])),
        trouble=kept["trouble"],
        unsound=kept["unsound"],
        token=token,
    )


def _problem_from_json(kept: list[Any]) -> Problem:
    code, field, told = kept
    if "day" in told:
        told = told | {"day": date.fromisoformat(told["day"])}
    return Problem(Unusable(code), RONG_2025.by_field.get(field), "", told)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
