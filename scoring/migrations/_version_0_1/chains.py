"""Chains of versions, the numbers of their reports, and how a version stands in its chain."""

from uuid import uuid4

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Case, F, Q, Value, When

from .assessments import STATES

STATUSES = [("open", "not yet"), ("measured", "measured"), ("not_evaluable", "not evaluable")]
RBP = [("pending", "not yet"), ("yes", "yes"), ("no", "no"), ("not_evaluable", "not evaluable")]

operations = [
    migrations.CreateModel(
        name="ReportCounter",
        fields=[
            ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
            ("last_serial", models.PositiveIntegerField(default=0)),
        ],
    ),
    migrations.CreateModel(
        name="AssessmentChain",
        fields=[
            (
                "id",
                models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False),
            ),
            ("report_year", models.PositiveSmallIntegerField()),
            ("report_serial", models.PositiveIntegerField()),
            (
                "current",
                models.OneToOneField(
                    editable=False,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="current_of",
                    to="scoring.assessment",
                ),
            ),
            (
                "day_3",
                models.CharField(choices=STATUSES, default="open", editable=False, max_length=13),
            ),
            (
                "day_30",
                models.CharField(choices=STATUSES, default="open", editable=False, max_length=13),
            ),
            ("operation_date", models.DateField(editable=False, null=True)),
            ("vas_day_3", models.PositiveSmallIntegerField(editable=False, null=True)),
            ("vas_day_30", models.PositiveSmallIntegerField(editable=False, null=True)),
            ("state", models.CharField(blank=True, choices=STATES, editable=False, max_length=11)),
            (
                "rbp",
                models.GeneratedField(
                    db_persist=True,
                    expression=Case(
                        When(
                            Q(
                                ("day_3", "not_evaluable"),
                                ("day_30", "not_evaluable"),
                                _connector="OR",
                            ),
                            then=Value("not_evaluable"),
                        ),
                        When(
                            Q(
                                ("vas_day_3__isnull", True),
                                ("vas_day_30__isnull", True),
                                _connector="OR",
                            ),
                            then=Value("pending"),
                        ),
                        When(
                            Q(("vas_day_30__gte", 4), ("vas_day_3__gte", 4)),
                            then=Value("yes"),
                        ),
                        default=Value("no"),
                    ),
                    output_field=models.CharField(choices=RBP, max_length=13),
                ),
            ),
            ("synthetic", models.BooleanField(db_default=False, default=False, editable=False)),
            ("vas_day_30_on", models.DateField(editable=False, null=True)),
            ("vas_day_3_on", models.DateField(editable=False, null=True)),
            ("vas_known_at", models.DateTimeField(editable=False, null=True)),
        ],
        options={
            "indexes": [
                models.Index(
                    condition=Q(("state", "provisional")),
                    fields=["operation_date", "id"],
                    name="chain_radiograph_awaited",
                ),
                models.Index(
                    condition=Q(("day_3", "open"), Q(("state", "voided"), _negated=True)),
                    fields=["operation_date", "id"],
                    name="chain_day_3_due",
                ),
                models.Index(
                    condition=Q(("day_30", "open"), Q(("state", "voided"), _negated=True)),
                    fields=["operation_date", "id"],
                    name="chain_day_30_due",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("report_year", "report_serial"), name="chain_report_number_unique"
                ),
                models.CheckConstraint(
                    name="chain_report_number_positive",
                    condition=Q(report_serial__gte=1, report_year__gte=2000),
                ),
            ],
        },
    ),
    migrations.AddField(
        model_name="assessment",
        name="chain",
        field=models.ForeignKey(
            on_delete=models.PROTECT, related_name="versions", to="scoring.assessmentchain"
        ),
    ),
    migrations.AddField(
        model_name="assessment",
        name="patient",
        field=models.ForeignKey(
            on_delete=models.PROTECT, related_name="assessments", to="scoring.patient"
        ),
    ),
    migrations.AddIndex(
        model_name="assessment",
        index=models.Index(fields=["-created_at", "-id"], name="assessment_newest"),
    ),
    migrations.AddIndex(
        model_name="assessment",
        index=models.Index(fields=["patient", "-created_at"], name="assessment_of_patient"),
    ),
    migrations.AddIndex(
        model_name="assessment",
        index=models.Index(
            fields=["created_by", "-created_at", "-id"], name="assessment_by_clinician"
        ),
    ),
    migrations.AddIndex(
        model_name="assessment",
        index=models.Index(
            condition=Q(("state", "voided")),
            fields=["-created_at", "-id"],
            name="assessment_voided_newest",
        ),
    ),
    migrations.AddIndex(
        model_name="assessment",
        index=models.Index(
            fields=["model_identifier", "model_version"], name="assessment_of_model"
        ),
    ),
    # As in databases of version 0.1: rows recorded before it may stand in another order.
    AddConstraintNotValid(
        model_name="assessmentchain",
        constraint=models.CheckConstraint(
            name="chain_vas_in_order",
            condition=Q(vas_day_3_on__isnull=True)
            | Q(vas_day_30_on__isnull=True)
            | Q(vas_day_3_on__lt=F("vas_day_30_on")),
        ),
    ),
    # What Django cannot state: a version follows its own predecessor in its own chain. And how
    # many patients and chains there are, as shares of the rows: a sample guesses far too low.
    migrations.RunSQL(
        sql="""
            ALTER TABLE scoring_assessment
                ADD CONSTRAINT assessment_id_chain_version UNIQUE (id, chain_id, version),
                ADD CONSTRAINT assessment_follows_in_its_chain
                    FOREIGN KEY (supersedes_id, chain_id, supersedes_version)
                    REFERENCES scoring_assessment (id, chain_id, version),
                ADD CONSTRAINT assessment_supersedes_both_or_none
                    CHECK ((supersedes_id IS NULL) = (supersedes_version IS NULL)),
                ALTER COLUMN patient_id SET (n_distinct = -0.4),
                ALTER COLUMN chain_id SET (n_distinct = -0.6);
        """,
        reverse_sql=migrations.RunSQL.noop,
    ),
]
