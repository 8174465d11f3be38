"""Curves adjusted to this hospital: proposed with their evidence, decided by a second person."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoring.models.assessment import Assessment
from scoring.models.guards import append_only
from scoring.models.readback import stored_model
from scoring.nomogram.recalibrated import RecalibratedCurve
from scoring.statistics.recalibration import MIN_EVENTS


class Method(models.TextChoices):
    """What of the published curve is adjusted."""

    INTERCEPT = "intercept", _("intercept")
    INTERCEPT_AND_SLOPE = "intercept_and_slope", _("intercept and slope")


class Decision(models.TextChoices):
    """What was decided about a proposed curve."""

    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    RETIRED = "retired", _("retired")


class Recalibration(models.Model):
    """A version of the model with its curve adjusted to this hospital's outcomes; never changed.

    logit(risk) = ``intercept`` + ``slope`` x published logit. The data window are the days of
    operation of the patients it was made from, None where it was left open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    model_identifier = models.CharField(max_length=40)
    model_version = models.CharField(max_length=20)
    method = models.CharField(max_length=19, choices=Method)
    intercept = models.FloatField()
    slope = models.FloatField()
    variance_intercept = models.FloatField()
    covariance = models.FloatField()
    variance_slope = models.FloatField()
    p50_points = models.FloatField()
    k_points_per_logit = models.FloatField()
    n = models.PositiveIntegerField()
    events = models.PositiveIntegerField()
    operated_from = models.DateField(null=True)
    operated_to = models.DateField(null=True)
    population = models.CharField(max_length=18, blank=True)
    # SHA-256 of the risks and outcomes it was made from, in order.
    data_sha256 = models.CharField(max_length=64)
    evidence = models.JSONField()
    form_token = models.UUIDField(unique=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recalibration_method_known_code", condition=Q(method__in=Method.values)
            ),
            models.CheckConstraint(
                name="recalibration_enough_events",
                condition=Q(events__gte=MIN_EVENTS, n__gte=F("events") + MIN_EVENTS),
            ),
            models.CheckConstraint(
                name="recalibration_rises",
                condition=Q(slope__gt=0, k_points_per_logit__gt=0),
            ),
            models.CheckConstraint(
                name="recalibration_slope_by_method",
                condition=~Q(method=Method.INTERCEPT) | Q(slope=1.0),
            ),
            models.CheckConstraint(
                name="recalibration_variances",
                condition=Q(variance_intercept__gt=0) & Q(variance_slope__gte=0),
            ),
            models.CheckConstraint(
                name="recalibration_window_in_order",
                condition=Q(operated_from__isnull=True)
                | Q(operated_to__isnull=True)
                | Q(operated_from__lte=F("operated_to")),
            ),
        ]
        triggers = append_only("recalibration")

    def __str__(self) -> str:
        """Which version of which model, no patient data."""
        return f"{self.model_identifier} {self.model_version} recalibrated {self.number}"

    @classmethod
    def active(cls) -> "Recalibration | None":
        """The one that was approved and not retired; None while the published curve is alone."""
        return (
            cls.objects.filter(decisions__decision=Decision.APPROVED)
            .exclude(decisions__decision=Decision.RETIRED)
            .first()
        )

    @property
    def state(self) -> str:
        """The last decision about it; empty while it waits for one."""
        last = self.decisions.order_by("-id").first()
        return last.decision if last else ""

    @property
    def curve(self) -> RecalibratedCurve:
        """The line from points to risk."""
        return RecalibratedCurve(
            stored_model(self.model_identifier, self.model_version).line,
            self.intercept,
            self.slope,
            self.variance_intercept,
            self.covariance,
            self.variance_slope,
        )


class RecalibrationDecision(models.Model):
    """One decision about a proposed curve. Approved and not retired, it is the active one."""

    recalibration = models.ForeignKey(
        Recalibration, on_delete=models.PROTECT, related_name="decisions"
    )
    decision = models.CharField(max_length=8, choices=Decision)
    reason = models.CharField(max_length=500)
    form_token = models.UUIDField(unique=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_known_code", condition=Q(decision__in=Decision.values)
            ),
            models.CheckConstraint(
                name="decision_has_a_reason", condition=Q(reason__regex=r"[^[:space:]]")
            ),
            models.UniqueConstraint(
                name="decision_once",
                fields=["recalibration"],
                condition=~Q(decision=Decision.RETIRED),
            ),
            models.UniqueConstraint(
                name="decision_retired_once",
                fields=["recalibration"],
                condition=Q(decision=Decision.RETIRED),
            ),
        ]
        triggers = [
            *append_only("recalibration_decision"),
            pgtrigger.Trigger(
                name="decision_follows_the_rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.decision = 'approved' THEN
                        -- Two approvals at once would each not see the other.
                        PERFORM pg_advisory_xact_lock(7023416);
                        IF NEW.decided_by_id = (
                            SELECT proposed_by_id FROM scoring_recalibration
                            WHERE id = NEW.recalibration_id
                        ) THEN
                            RAISE EXCEPTION 'pgtrigger: a second person approves'
                                USING ERRCODE = 'check_violation';
                        END IF;
                        IF EXISTS (
                            SELECT 1 FROM scoring_recalibrationdecision a
                            WHERE a.decision = 'approved' AND NOT EXISTS (
                                SELECT 1 FROM scoring_recalibrationdecision r
                                WHERE r.recalibration_id = a.recalibration_id
                                  AND r.decision = 'retired'
                            )
                        ) THEN
                            RAISE EXCEPTION 'pgtrigger: one recalibration is active at most'
                                USING ERRCODE = 'check_violation';
                        END IF;
                    ELSIF NEW.decision = 'retired' AND NOT EXISTS (
                        SELECT 1 FROM scoring_recalibrationdecision a
                        WHERE a.recalibration_id = NEW.recalibration_id
                          AND a.decision = 'approved'
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: only what was approved is retired'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        """What was decided about which version."""
        return f"{self.recalibration}: {self.decision}"


class RecalibratedRisk(models.Model):
    """What the active recalibration said beside the published risk of one version; never changed.

    Risks and their 95 % intervals (0 to 1) for the height restored and not restored: whichever
    the version has.
    """

    assessment = models.OneToOneField(
        Assessment, primary_key=True, on_delete=models.PROTECT, related_name="recalibrated"
    )
    recalibration = models.ForeignKey(Recalibration, on_delete=models.PROTECT, related_name="risks")
    restored_risk = models.FloatField(null=True)
    restored_ci95_low = models.FloatField(null=True)
    restored_ci95_high = models.FloatField(null=True)
    not_restored_risk = models.FloatField(null=True)
    not_restored_ci95_low = models.FloatField(null=True)
    not_restored_ci95_high = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recalibrated_risk_of_some_height",
                condition=Q(restored_risk__isnull=False) | Q(not_restored_risk__isnull=False),
            ),
            *(
                models.CheckConstraint(
                    name=f"recalibrated_{prefix}_in_order",
                    condition=Q(
                        **{
                            f"{prefix}_risk__isnull": True,
                            f"{prefix}_ci95_low__isnull": True,
                            f"{prefix}_ci95_high__isnull": True,
                        }
                    )
                    | Q(
                        **{
                            # Said, because a comparison with NULL refuses nothing.
                            f"{prefix}_risk__isnull": False,
                            f"{prefix}_ci95_low__isnull": False,
                            f"{prefix}_ci95_high__isnull": False,
                            f"{prefix}_ci95_low__gte": 0,
                            f"{prefix}_risk__gte": F(f"{prefix}_ci95_low"),
                            f"{prefix}_ci95_high__gte": F(f"{prefix}_risk"),
                            f"{prefix}_ci95_high__lte": 1,
                        }
                    ),
                )
                for prefix in ("restored", "not_restored")
            ),
        ]
        triggers = append_only("recalibrated_risk")

    def __str__(self) -> str:
        """Which version of which model, no patient data."""
        return f"{self.assessment_id}: {self.recalibration}"
