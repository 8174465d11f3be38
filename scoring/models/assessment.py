"""One version of an assessment: what was entered, what came out, who and when."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Greatest, Least

from scoring.entry import AssessmentEntry
from scoring.models import readback, rules
from scoring.models.chain import AssessmentChain
from scoring.models.codes import (
    FRACTURE_LEVELS,
    AgeSource,
    Change,
    OperationStatus,
    State,
)
from scoring.models.follow_up import VERSION_TOLD
from scoring.models.guards import append_only
from scoring.models.index_assessment import COPY_ONE
from scoring.models.patient import Patient
from scoring.models.predictor_columns import PredictorColumns
from scoring.nomogram.eligibility import Answer, Criterion, Population
from scoring.nomogram.logistic import Interval
from scoring.nomogram.model import Nomogram, Result
from scoring.nomogram.predictor import Caution

if TYPE_CHECKING:
    from scoring.models.laboratory import LaboratorySource

ANSWERS = [(answer.value, answer.value) for answer in Answer]


def _answer() -> "models.CharField[str, str]":
    return models.CharField(max_length=12, choices=ANSWERS)


class Assessment(PredictorColumns):
    """Immutable: a correction, completion or void is a new row that supersedes this one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.ForeignKey(AssessmentChain, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    # The version of ``supersedes``: with the chain it makes a composite foreign key, so that a
    # version can only follow its own predecessor in its own chain.
    supersedes_version = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=13, choices=State)
    change = models.CharField(max_length=13, choices=Change)
    reason = models.CharField(max_length=500, blank=True)
    form_token = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_by_name = models.CharField(max_length=100)

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assessments")
    birth_date = models.DateField(null=True)
    age_source = models.CharField(max_length=10, choices=AgeSource)
    operation_date = models.DateField()
    operation_time = models.TimeField(null=True)
    operation_status = models.CharField(max_length=7, choices=OperationStatus)
    fracture_level = models.CharField(max_length=3, choices=FRACTURE_LEVELS)

    ovcf_treated_by_pkp = _answer()
    single_vertebra = _answer()
    neurological_injury = _answer()
    cord_compression = _answer()
    previous_spinal_surgery = _answer()
    chronic_low_back_pain = _answer()
    tumour_infection_tuberculosis = _answer()
    infection = _answer()
    coagulation_or_systemic_disease = _answer()
    new_vertebral_fracture = _answer()
    population = models.CharField(max_length=18, choices=[(p.value, p.value) for p in Population])

    restored_total_points = models.FloatField(null=True)
    restored_risk = models.FloatField(null=True)
    restored_ci95_low = models.FloatField(null=True)
    restored_ci95_high = models.FloatField(null=True)
    restored_band_low = models.FloatField(null=True)
    restored_band_high = models.FloatField(null=True)
    not_restored_total_points = models.FloatField(null=True)
    not_restored_risk = models.FloatField(null=True)
    not_restored_ci95_low = models.FloatField(null=True)
    not_restored_ci95_high = models.FloatField(null=True)
    not_restored_band_low = models.FloatField(null=True)
    not_restored_band_high = models.FloatField(null=True)
    risk_min = models.GeneratedField(
        expression=Least("restored_risk", "not_restored_risk"),
        output_field=models.FloatField(),
        db_persist=True,
    )
    risk_max = models.GeneratedField(
        expression=Greatest("restored_risk", "not_restored_risk"),
        output_field=models.FloatField(),
        db_persist=True,
    )
    cautions = models.JSONField(default=list)
    model_identifier = models.CharField(max_length=40)
    model_version = models.CharField(max_length=20)
    model_name = models.CharField(max_length=100)

    class Meta:
        permissions = [
            ("assess", "Can record, complete, amend and void assessments, record outcomes"),
            ("export_records", "Can export the history"),
            ("view_validation", "Can see the local validation"),
            ("propose_recalibration", "Can propose a recalibration"),
            ("approve_recalibration", "Can approve a recalibration somebody else proposed"),
        ]
        constraints = rules.constraints()
        indexes = [
            models.Index(name="assessment_newest", fields=["-created_at", "-id"]),
            models.Index(name="assessment_of_patient", fields=["patient", "-created_at"]),
            models.Index(
                name="assessment_by_clinician", fields=["created_by", "-created_at", "-id"]
            ),
            models.Index(
                name="assessment_voided_newest",
                fields=["-created_at", "-id"],
                condition=models.Q(state=State.VOIDED),
            ),
            models.Index(name="assessment_of_model", fields=["model_identifier", "model_version"]),
        ]
        triggers = [
            *append_only("assessment"),
            pgtrigger.Trigger(
                name="assessment_before_its_outcomes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM scoring_outcome o
                        WHERE o.chain_id = NEW.chain_id AND o.measured_on <= NEW.operation_date
                          AND NOT EXISTS (
                              SELECT 1 FROM scoring_outcome s WHERE s.supersedes_id = o.id
                          )
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: an outcome lies after the operation'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="assessment_becomes_current",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                    UPDATE scoring_assessmentchain
                    SET current_id = NEW.id, state = NEW.state, operation_date = NEW.operation_date,
                        synthetic = synthetic OR EXISTS (
                            SELECT 1 FROM scoring_patient p
                            WHERE p.id = NEW.patient_id AND p.synthetic
                        )
                    WHERE id = NEW.chain_id;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="assessment_index_copied",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state=State.FINAL),
                func=COPY_ONE,
            ),
            # Triggers fire in the order of their names: the chain has its current version by then.
            pgtrigger.Trigger(
                name="assessment_tells_of_death",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                declare=[("before", "record"), ("whose", "uuid"), ("moved", "boolean")],
                func=VERSION_TOLD,
            ),
        ]

    def __str__(self) -> str:
        """Report number and version, no patient data."""
        return f"{self.chain.report_number} version {self.version}"

    @property
    def is_current(self) -> bool:
        """Whether this is the latest version."""
        return self.chain.current_id == self.id

    @property
    def is_voided(self) -> bool:
        """Whether this version is a void."""
        return self.state == State.VOIDED

    @property
    def is_cancelled(self) -> bool:
        """Whether the operation was cancelled."""
        return self.state == State.CANCELLED

    @property
    def answers(self) -> dict[Criterion, Answer]:
        """The ten answers on eligibility."""
        return {criterion: Answer(getattr(self, criterion)) for criterion in Criterion}

    def first_said_at(self, *groups: Sequence[str]) -> list[datetime]:
        """When the fields of each group were first on record with the values of this version."""
        if self.version <= 2:
            # Most have one before them at most, which the page of a result reads anyway.
            versions = [self.supersedes or self, self]
            return [
                next(one.created_at for one in versions if self._says_as(one, names))
                for names in groups
            ]
        earliest = {
            f"group_{number}": models.Min("created_at", filter=self._says_the_same(names))
            for number, names in enumerate(groups)
        }
        found = self.chain.versions.filter(version__lte=self.version).aggregate(**earliest)
        return list(found.values())

    def _says_as(self, other: "Assessment", names: Sequence[str]) -> bool:
        return all(getattr(other, name) == getattr(self, name) for name in names)

    def _says_the_same(self, names: Sequence[str]) -> models.Q:
        same = models.Q()
        for name in names:
            value = getattr(self, name)
            same &= models.Q(**({f"{name}__isnull": True} if value is None else {name: value}))
        return same

    @property
    def vas_due_dates(self) -> tuple[date, date]:
        """Day 3 and day 30 after the operation (section 2.1: 3 days and 1 month)."""
        return self.operation_date + timedelta(days=3), self.operation_date + timedelta(days=30)

    @cached_property
    def sources_by_predictor(self) -> "dict[str, LaboratorySource]":
        """The results of laboratories that were taken over, by the field of the predictor."""
        # Most assessments have none, and a statement that only asks for that is made sooner.
        if not self.laboratory_sources.exists():
            return {}
        taken = self.laboratory_sources.select_related("result__message")
        return {one.predictor: one for one in taken.defer("result__message__raw")}

    @property
    def _model(self) -> Nomogram:
        return readback.stored_model(self.model_identifier, self.model_version)

    @property
    def result(self) -> Result:
        """The stored result in the core's own types, as it was computed then."""
        cautions = [Caution(**caution) for caution in self.cautions]
        return readback.stored_result(self, self._model, cautions)

    @property
    def bands(self) -> list[Interval]:
        """The bands: one, or the one if restored before the one if not restored."""
        ends = (
            (self.restored_band_low, self.restored_band_high),
            (self.not_restored_band_low, self.not_restored_band_high),
        )
        return [Interval(lo, hi) for lo, hi in ends if lo is not None and hi is not None]

    @property
    def entry(self) -> AssessmentEntry:
        """What was entered, to start a correction from or to score anew."""
        return AssessmentEntry(
            operation_date=self.operation_date,
            operation_time=self.operation_time,
            operation_status=self.operation_status,
            fracture_level=self.fracture_level,
            answers=self.answers,
            age_years=self.age_years if self.age_source == AgeSource.STATED else None,
            inputs_by_field=readback.stored_inputs(self, self._model),
        )
