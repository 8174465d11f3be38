"""Outcomes: pain on day 3 and day 30 after the operation."""

from uuid import uuid4

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from ._triggers import append_only, trigger

operations = [
    migrations.CreateModel(
        name="Outcome",
        fields=[
            (
                "id",
                models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False),
            ),
            (
                "time_point",
                models.PositiveSmallIntegerField(choices=[(3, "day 3"), (30, "day 30")]),
            ),
            ("version", models.PositiveIntegerField()),
            ("supersedes_version", models.PositiveIntegerField(null=True)),
            ("vas", models.PositiveSmallIntegerField(null=True)),
            ("measured_on", models.DateField(null=True)),
            (
                "not_evaluable",
                models.CharField(
                    blank=True,
                    choices=[
                        ("lost", "lost to follow-up"),
                        ("died", "died"),
                        ("reoperated", "operated again"),
                        ("new_fracture", "new vertebral fracture"),
                    ],
                    max_length=12,
                ),
            ),
            ("cautions", models.JSONField(default=list)),
            ("reason", models.CharField(blank=True, max_length=500)),
            ("form_token", models.UUIDField(unique=True)),
            ("created_at", models.DateTimeField()),
            ("created_by_name", models.CharField(max_length=100)),
            (
                "chain",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="outcomes", to="scoring.assessmentchain"
                ),
            ),
            (
                "created_by",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "supersedes",
                models.OneToOneField(
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="superseded_by",
                    to="scoring.outcome",
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("chain", "time_point", "version"), name="outcome_version_unique"
                ),
                models.CheckConstraint(
                    name="outcome_time_point_known_code", condition=Q(time_point__in=[3, 30])
                ),
                models.CheckConstraint(
                    name="outcome_vas_0_to_10", condition=Q(vas__isnull=True) | Q(vas__lte=10)
                ),
                models.CheckConstraint(
                    name="outcome_measured_or_not_evaluable",
                    condition=Q(measured_on__isnull=False, not_evaluable="", vas__isnull=False)
                    | Q(
                        measured_on__isnull=True,
                        not_evaluable__in=["lost", "died", "reoperated", "new_fracture"],
                        vas__isnull=True,
                    ),
                ),
                models.CheckConstraint(
                    name="outcome_follows_its_predecessor",
                    condition=Q(supersedes__isnull=True, supersedes_version__isnull=True, version=1)
                    | Q(
                        supersedes__isnull=False,
                        supersedes_version__isnull=False,
                        version=F("supersedes_version") + 1,
                        version__gt=1,
                    ),
                ),
                models.CheckConstraint(
                    name="outcome_reason_for_every_correction",
                    condition=Q(version=1) | Q(reason__regex="[^[:space:]]"),
                ),
            ],
        },
    ),
    *append_only("outcome", "outcome", marks=("e8d5a", "ae0da")),
    trigger(
        "outcome",
        "outcome_after_the_operation",
        mark="e642b",
        fires="BEFORE INSERT",
        function="""
                    IF NEW.measured_on <= (
                        SELECT operation_date FROM scoring_assessmentchain WHERE id = NEW.chain_id
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: an outcome lies after the operation'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
    ),
    trigger(
        "outcome",
        "outcome_becomes_current",
        mark="d7b29",
        fires="AFTER INSERT",
        declare="DECLARE known_at timestamptz;",
        function="""
                    IF NEW.vas IS NOT NULL THEN
                        known_at := NEW.created_at;
                    END IF;
                    IF NEW.time_point = 3 THEN
                        UPDATE scoring_assessmentchain
                        SET day_3 = CASE WHEN NEW.vas IS NULL THEN 'not_evaluable'
                                         ELSE 'measured' END,
                            vas_day_3 = NEW.vas, vas_day_3_on = NEW.measured_on,
                            vas_known_at = LEAST(vas_known_at, known_at)
                        WHERE id = NEW.chain_id;
                    ELSE
                        UPDATE scoring_assessmentchain
                        SET day_30 = CASE WHEN NEW.vas IS NULL THEN 'not_evaluable'
                                          ELSE 'measured' END,
                            vas_day_30 = NEW.vas, vas_day_30_on = NEW.measured_on,
                            vas_known_at = LEAST(vas_known_at, known_at)
                        WHERE id = NEW.chain_id;
                    END IF;
                    RETURN NULL;
                """,
    ),
    # What Django cannot state: a version follows its own predecessor of the same time point.
    migrations.RunSQL(
        sql="""
            ALTER TABLE scoring_outcome
                ADD CONSTRAINT outcome_id_chain_time_point_version
                    UNIQUE (id, chain_id, time_point, version),
                ADD CONSTRAINT outcome_follows_in_its_chain
                    FOREIGN KEY (supersedes_id, chain_id, time_point, supersedes_version)
                    REFERENCES scoring_outcome (id, chain_id, time_point, version);
        """,
        reverse_sql=migrations.RunSQL.noop,
    ),
]
