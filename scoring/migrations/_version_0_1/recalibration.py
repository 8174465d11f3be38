"""Recalibrations of the model, decisions about them, and the risks they gave."""

from uuid import uuid4

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from ._triggers import append_only, trigger

operations = [
    migrations.CreateModel(
        name="Recalibration",
        fields=[
            (
                "id",
                models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False),
            ),
            ("number", models.PositiveIntegerField(unique=True)),
            ("model_identifier", models.CharField(max_length=40)),
            ("model_version", models.CharField(max_length=20)),
            (
                "method",
                models.CharField(
                    choices=[
                        ("intercept", "intercept"),
                        ("intercept_and_slope", "intercept and slope"),
                    ],
                    max_length=19,
                ),
            ),
            ("intercept", models.FloatField()),
            ("slope", models.FloatField()),
            ("variance_intercept", models.FloatField()),
            ("covariance", models.FloatField()),
            ("variance_slope", models.FloatField()),
            ("p50_points", models.FloatField()),
            ("k_points_per_logit", models.FloatField()),
            ("n", models.PositiveIntegerField()),
            ("events", models.PositiveIntegerField()),
            ("operated_from", models.DateField(null=True)),
            ("operated_to", models.DateField(null=True)),
            ("population", models.CharField(blank=True, max_length=18)),
            ("data_sha256", models.CharField(max_length=64)),
            ("evidence", models.JSONField()),
            ("form_token", models.UUIDField(unique=True)),
            ("proposed_at", models.DateTimeField()),
            ("proposed_by_name", models.CharField(max_length=100)),
            (
                "proposed_by",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    name="recalibration_method_known_code",
                    condition=Q(method__in=["intercept", "intercept_and_slope"]),
                ),
                models.CheckConstraint(
                    name="recalibration_enough_events",
                    condition=Q(events__gte=100, n__gte=F("events") + 100),
                ),
                models.CheckConstraint(
                    name="recalibration_rises", condition=Q(k_points_per_logit__gt=0, slope__gt=0)
                ),
                models.CheckConstraint(
                    name="recalibration_slope_by_method",
                    condition=~Q(method="intercept") | Q(slope=1.0),
                ),
                models.CheckConstraint(
                    name="recalibration_variances",
                    condition=Q(variance_intercept__gt=0, variance_slope__gte=0),
                ),
                models.CheckConstraint(
                    name="recalibration_window_in_order",
                    condition=Q(operated_from__isnull=True)
                    | Q(operated_to__isnull=True)
                    | Q(operated_from__lte=F("operated_to")),
                ),
            ],
        },
    ),
    *append_only("recalibration", "recalibration", marks=("b7977", "0db0c")),
    migrations.CreateModel(
        name="RecalibratedRisk",
        fields=[
            (
                "assessment",
                models.OneToOneField(
                    on_delete=models.PROTECT,
                    primary_key=True,
                    related_name="recalibrated",
                    serialize=False,
                    to="scoring.assessment",
                ),
            ),
            ("restored_risk", models.FloatField(null=True)),
            ("restored_ci95_low", models.FloatField(null=True)),
            ("restored_ci95_high", models.FloatField(null=True)),
            ("not_restored_risk", models.FloatField(null=True)),
            ("not_restored_ci95_low", models.FloatField(null=True)),
            ("not_restored_ci95_high", models.FloatField(null=True)),
            (
                "recalibration",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="risks", to="scoring.recalibration"
                ),
            ),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    name="recalibrated_risk_of_some_height",
                    condition=Q(restored_risk__isnull=False) | Q(not_restored_risk__isnull=False),
                ),
                models.CheckConstraint(
                    name="recalibrated_restored_in_order",
                    condition=Q(
                        restored_ci95_high__isnull=True,
                        restored_ci95_low__isnull=True,
                        restored_risk__isnull=True,
                    )
                    | Q(
                        restored_ci95_high__gte=F("restored_risk"),
                        restored_ci95_high__isnull=False,
                        restored_ci95_high__lte=1,
                        restored_ci95_low__gte=0,
                        restored_ci95_low__isnull=False,
                        restored_risk__gte=F("restored_ci95_low"),
                        restored_risk__isnull=False,
                    ),
                ),
                models.CheckConstraint(
                    name="recalibrated_not_restored_in_order",
                    condition=Q(
                        not_restored_ci95_high__isnull=True,
                        not_restored_ci95_low__isnull=True,
                        not_restored_risk__isnull=True,
                    )
                    | Q(
                        not_restored_ci95_high__gte=F("not_restored_risk"),
                        not_restored_ci95_high__isnull=False,
                        not_restored_ci95_high__lte=1,
                        not_restored_ci95_low__gte=0,
                        not_restored_ci95_low__isnull=False,
                        not_restored_risk__gte=F("not_restored_ci95_low"),
                        not_restored_risk__isnull=False,
                    ),
                ),
            ],
        },
    ),
    *append_only("recalibratedrisk", "recalibrated_risk", marks=("5f985", "d89af")),
    migrations.CreateModel(
        name="RecalibrationDecision",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "decision",
                models.CharField(
                    choices=[
                        ("approved", "approved"),
                        ("rejected", "rejected"),
                        ("retired", "retired"),
                    ],
                    max_length=8,
                ),
            ),
            ("reason", models.CharField(max_length=500)),
            ("form_token", models.UUIDField(unique=True)),
            ("decided_at", models.DateTimeField()),
            ("decided_by_name", models.CharField(max_length=100)),
            (
                "decided_by",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "recalibration",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="decisions", to="scoring.recalibration"
                ),
            ),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    name="decision_known_code",
                    condition=Q(decision__in=["approved", "rejected", "retired"]),
                ),
                models.CheckConstraint(
                    name="decision_has_a_reason", condition=Q(reason__regex="[^[:space:]]")
                ),
                models.UniqueConstraint(
                    condition=Q(("decision", "retired"), _negated=True),
                    fields=("recalibration",),
                    name="decision_once",
                ),
                models.UniqueConstraint(
                    condition=Q(("decision", "retired")),
                    fields=("recalibration",),
                    name="decision_retired_once",
                ),
            ],
        },
    ),
    *append_only("recalibrationdecision", "recalibration_decision", marks=("292d0", "65527")),
    trigger(
        "recalibrationdecision",
        "decision_follows_the_rules",
        mark="300ac",
        fires="BEFORE INSERT",
        function="""
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
