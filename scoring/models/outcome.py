"""What became of the patient: pain at day 3 and at day 30 (section 2.1)."""

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from scoring.entry import windows
from scoring.models.chain import AssessmentChain
from scoring.models.codes import NotEvaluable, TimePoint
from scoring.models.follow_up import OUTCOME_TOLD
from scoring.models.guards import append_only


def window_cautions(
    time_point: int, measured_on: date | None, operated_on: date | None
) -> list[dict[str, object]]:
    """A caution where pain was asked for outside the window of its time point."""
    if measured_on is None or operated_on is None:
        return []
    day = (measured_on - operated_on).days
    first, last = windows.VAS[time_point]
    if first <= day <= last:
        return []
    return [{"code": "outside_window", "day": day, "first": first, "last": last}]


class Outcome(models.Model):
    """One VAS of one chain, or why there is none; a correction, or an undo, supersedes it.

    It belongs to the chain and not to a version, so that an amendment never orphans it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.ForeignKey(AssessmentChain, on_delete=models.PROTECT, related_name="outcomes")
    time_point = models.PositiveSmallIntegerField(choices=TimePoint)
    version = models.PositiveIntegerField()
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    # With chain and time point a composite foreign key, as for the versions of an assessment.
    supersedes_version = models.PositiveIntegerField(null=True)
    vas = models.PositiveSmallIntegerField(null=True)
    measured_on = models.DateField(null=True)
    not_evaluable = models.CharField(max_length=12, choices=NotEvaluable, blank=True)
    # Undone: the time point is open again, as before anything was recorded.
    withdrawn = models.BooleanField(default=False, db_default=False)
    # Whether another vertebra fractured up to day 30; null where it was not asked or answered.
    new_vertebral_fracture = models.BooleanField(null=True)
    cautions = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True)
    form_token = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="outcome_version_unique", fields=["chain", "time_point", "version"]
            ),
            models.CheckConstraint(
                name="outcome_time_point_known_code", condition=Q(time_point__in=TimePoint.values)
            ),
            models.CheckConstraint(
                name="outcome_vas_0_to_10", condition=Q(vas__isnull=True) | Q(vas__lte=10)
            ),
            models.CheckConstraint(
                name="outcome_measured_or_not_evaluable",
                condition=Q(
                    vas__isnull=False, measured_on__isnull=False, not_evaluable="", withdrawn=False
                )
                | Q(vas__isnull=True, measured_on__isnull=True, not_evaluable="", withdrawn=True)
                | Q(
                    vas__isnull=True,
                    measured_on__isnull=True,
                    not_evaluable__in=NotEvaluable.values,
                    withdrawn=False,
                ),
            ),
            models.CheckConstraint(
                name="outcome_withdrawn_by_a_later_version",
                condition=Q(withdrawn=False) | Q(version__gt=1),
            ),
            models.CheckConstraint(
                # A patient who fractured again is not evaluable (section 2.1).
                name="outcome_new_fracture_by_day_30",
                condition=Q(new_vertebral_fracture__isnull=True)
                | Q(new_vertebral_fracture=False, time_point=TimePoint.DAY_30)
                | Q(new_vertebral_fracture=True, time_point=TimePoint.DAY_30, vas__isnull=True),
            ),
            models.CheckConstraint(
                name="outcome_follows_its_predecessor",
                condition=Q(version=1, supersedes__isnull=True, supersedes_version__isnull=True)
                | Q(
                    version__gt=1,
                    supersedes__isnull=False,
                    supersedes_version__isnull=False,
                    version=F("supersedes_version") + 1,
                ),
            ),
            models.CheckConstraint(
                name="outcome_reason_for_every_correction",
                condition=Q(version=1) | Q(reason__regex=r"[^[:space:]]"),
            ),
        ]
        triggers = [
            *append_only("outcome"),
            pgtrigger.Trigger(
                name="outcome_after_the_operation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.measured_on <= (
                        SELECT operation_date FROM scoring_assessmentchain WHERE id = NEW.chain_id
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: an outcome lies after the operation'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="outcome_becomes_current",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                declare=[("known_at", "timestamptz")],
                func="""
                    IF NEW.vas IS NOT NULL THEN
                        known_at := NEW.created_at;
                    END IF;
                    IF NEW.time_point = 3 THEN
                        UPDATE scoring_assessmentchain
                        SET day_3 = CASE WHEN NEW.withdrawn THEN 'open'
                                         WHEN NEW.vas IS NULL THEN 'not_evaluable'
                                         ELSE 'measured' END,
                            vas_day_3 = NEW.vas, vas_day_3_on = NEW.measured_on,
                            vas_known_at = LEAST(vas_known_at, known_at)
                        WHERE id = NEW.chain_id;
                    ELSE
                        UPDATE scoring_assessmentchain
                        SET day_30 = CASE WHEN NEW.withdrawn THEN 'open'
                                          WHEN NEW.vas IS NULL THEN 'not_evaluable'
                                          ELSE 'measured' END,
                            vas_day_30 = NEW.vas, vas_day_30_on = NEW.measured_on,
                            vas_known_at = LEAST(vas_known_at, known_at)
                        WHERE id = NEW.chain_id;
                    END IF;
                    RETURN NULL;
                """,
            ),
            # Triggers fire in the order of their names.
            pgtrigger.Trigger(
                name="outcome_ends_follow_up",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__supersedes__isnull=False)
                | ~pgtrigger.Q(new__not_evaluable=""),
                declare=[("whose", "uuid")],
                func=OUTCOME_TOLD,
            ),
        ]

    def __str__(self) -> str:
        """Report number and day, no patient data."""
        return f"{self.chain.report_number} day {self.time_point} version {self.version}"
