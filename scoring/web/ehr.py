"""What a hospital's FHIR server said of one patient.

Nothing is taken over by itself: the form shows the identity beside the record's, and offers each
value beside its field, for the hospital number it was read for.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from scoring import queries
from scoring.entry.folding import normalised_hospital_number
from scoring.entry.read_result import ReadResult, ResultOfServer
from scoring.fhir.chart import ChartReading
from scoring.fhir.problem_texts import problem_text
from scoring.fhir.sent_observation import Problem, Unusable
from scoring.forms import PatientForm
from scoring.forms.predictors import FROM_EHR, taken_field
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


@dataclass(frozen=True)
class Value:
    """A value to offer, with where it stands on its server."""

    result: ReadResult

    @property
    def name(self) -> str:
        """The predictor."""
        return str(words_of(RONG_2025.by_field[self.result.field]).field_label)

    @property
    def text(self) -> str:
        """The value with its unit."""
        return offered_value(RONG_2025.by_field[self.result.field], float(self.result.value))

    def offer(self, server: str) -> Offer:
        """What the form shows beside the field, and what its button fills in."""
        result = self.result
        beside = RONG_2025.provenances[result.field]
        fills = {
            result.field: format(result.value, "f"),
            beside.date_field: day_text(result.day),
            **({beside.site_field: result.site} if result.site else {}),
            taken_field(beside): FROM_EHR,
        }
        if beside.unit_field:
            fills[beside.unit_field] = RONG_2025.numeric[result.field].unit
        text = _("%(name)s %(value)s of %(day)s from %(source)s") % {
            "name": self.name,
            "value": self.text,
            "day": day_text(result.day),
            "source": parts(server, result.source) if result.source else server,
        }
        return Offer(f"ehr-{result.field}", result.field, text, json.dumps(fills))


@dataclass(frozen=True)
class Reading(ChartReading):
    """What was read, as the form shows it; ``token`` is what the form carries."""

    token: str = ""

    @classmethod
    def of(cls, read: ChartReading, token: str = "") -> "Reading":
        """The same, to be shown."""
        return cls(**vars(read), token=token)

    @property
    def values(self) -> list[Value]:
        """What is offered."""
        return list(map(Value, self.results))

    @property
    def number(self) -> str:
        """The hospital number as the record has it."""
        return normalised_hospital_number(self.identity.number)

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
        if normalised_hospital_number(number.replace("\x00", "")) != self.number:
            return []
        return [value.offer(self.server) for value in self.values]

    def taken(self, fields: Collection[str]) -> dict[str, ResultOfServer]:
        """The results of some predictors, with the server and about whom it said them."""
        return {
            one.field: ResultOfServer(
                server=self.server,
                base=self.base,
                hospital_number=self.number,
                birth_date=self.identity.birth_date,
                result=one,
            )
            for one in self.results
            if one.field in fields
        }


def _problem_text(problem: Problem) -> str:
    if problem.code is Unusable.SEVERAL_VALUES and problem.predictor is not None:
        name = words_of(problem.predictor).input_name
        return _("%(name)s: results of the same time differ. Look up which one is right.") % {
            "name": name
        }
    return problem_text(problem)


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
