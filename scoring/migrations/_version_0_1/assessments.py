"""Versions of assessments, as they were recorded."""

from uuid import uuid4

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Greatest, Least

STATES = [("provisional", "Provisional"), ("final", "Final"), ("voided", "Voided")]

CHANGES = [
    ("new", "first version"),
    ("complete", "completed after the radiograph"),
    ("amend", "amended"),
    ("void", "voided"),
    ("reinstate", "void undone"),
]

AGE_SOURCES = [("birth_date", "from date of birth"), ("stated", "as stated")]

OPERATION_STATUSES = [("planned", "Planned"), ("done", "Done")]

LEVELS = [*(f"T{number}" for number in range(1, 13)), *(f"L{number}" for number in range(1, 6))]
FRACTURE_LEVELS = [(level, level) for level in LEVELS]

ANSWERS = [("yes", "yes"), ("no", "no"), ("not_assessed", "not_assessed")]

POPULATIONS = [
    ("as_study", "as_study"),
    ("not_fully_assessed", "not_fully_assessed"),
    ("outside", "outside"),
]

DXA_SITES = [
    ("lumbar_spine", "lumbar spine"),
    ("femoral_neck", "femoral neck"),
    ("total_hip", "total hip"),
]


operations = [
    migrations.CreateModel(
        name="Assessment",
        fields=[
            (
                "id",
                models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False),
            ),
            ("version", models.PositiveIntegerField()),
            ("supersedes_version", models.PositiveIntegerField(null=True)),
            ("state", models.CharField(choices=STATES, max_length=11)),
            ("change", models.CharField(choices=CHANGES, max_length=9)),
            ("reason", models.CharField(blank=True, max_length=500)),
            ("form_token", models.UUIDField(unique=True)),
            ("created_at", models.DateTimeField()),
            ("created_by_name", models.CharField(max_length=100)),
            ("birth_date", models.DateField(null=True)),
            ("age_source", models.CharField(choices=AGE_SOURCES, max_length=10)),
            ("operation_date", models.DateField()),
            ("operation_time", models.TimeField(null=True)),
            ("operation_status", models.CharField(choices=OPERATION_STATUSES, max_length=7)),
            ("fracture_level", models.CharField(choices=FRACTURE_LEVELS, max_length=3)),
            ("ovcf_treated_by_pkp", models.CharField(choices=ANSWERS, max_length=12)),
            ("single_vertebra", models.CharField(choices=ANSWERS, max_length=12)),
            ("neurological_injury", models.CharField(choices=ANSWERS, max_length=12)),
            ("cord_compression", models.CharField(choices=ANSWERS, max_length=12)),
            ("previous_spinal_surgery", models.CharField(choices=ANSWERS, max_length=12)),
            ("chronic_low_back_pain", models.CharField(choices=ANSWERS, max_length=12)),
            ("tumour_infection_tuberculosis", models.CharField(choices=ANSWERS, max_length=12)),
            ("infection", models.CharField(choices=ANSWERS, max_length=12)),
            ("coagulation_or_systemic_disease", models.CharField(choices=ANSWERS, max_length=12)),
            ("new_vertebral_fracture", models.CharField(choices=ANSWERS, max_length=12)),
            ("population", models.CharField(choices=POPULATIONS, max_length=18)),
            ("age_years", models.PositiveSmallIntegerField()),
            ("t_score", models.DecimalField(decimal_places=4, max_digits=8)),
            ("t_score_entered", models.CharField(max_length=20)),
            ("dxa_date", models.DateField(null=True)),
            ("dxa_site", models.CharField(blank=True, choices=DXA_SITES, max_length=12)),
            ("trauma_history", models.BooleanField()),
            ("trauma_history_date", models.DateField(null=True)),
            ("posterior_fascia_edema", models.BooleanField()),
            ("mri_date", models.DateField(null=True)),
            ("pdw_fl", models.DecimalField(decimal_places=4, max_digits=8)),
            ("pdw_entered", models.CharField(max_length=20)),
            ("pdw_unit", models.CharField(choices=[("fL", "fL")], max_length=2)),
            ("pdw_date", models.DateField(null=True)),
            ("chloride_mmol_l", models.DecimalField(decimal_places=4, max_digits=8)),
            ("chloride_entered", models.CharField(max_length=20)),
            ("chloride_date", models.DateField(null=True)),
            ("mvh_restored", models.BooleanField(null=True)),
            ("radiograph_date", models.DateField(null=True)),
            ("points_age", models.FloatField()),
            ("points_bmd", models.FloatField()),
            ("points_trauma_history", models.FloatField()),
            ("points_posterior_fascia_edema", models.FloatField()),
            ("points_pdw", models.FloatField()),
            ("points_chloride", models.FloatField()),
            ("points_mvh", models.FloatField(null=True)),
            ("restored_total_points", models.FloatField(null=True)),
            ("restored_risk", models.FloatField(null=True)),
            ("restored_ci95_low", models.FloatField(null=True)),
            ("restored_ci95_high", models.FloatField(null=True)),
            ("restored_band_low", models.FloatField(null=True)),
            ("restored_band_high", models.FloatField(null=True)),
            ("not_restored_total_points", models.FloatField(null=True)),
            ("not_restored_risk", models.FloatField(null=True)),
            ("not_restored_ci95_low", models.FloatField(null=True)),
            ("not_restored_ci95_high", models.FloatField(null=True)),
            ("not_restored_band_low", models.FloatField(null=True)),
            ("not_restored_band_high", models.FloatField(null=True)),
            (
                "risk_min",
                models.GeneratedField(
                    db_persist=True,
                    expression=Least("restored_risk", "not_restored_risk"),
                    output_field=models.FloatField(),
                ),
            ),
            (
                "risk_max",
                models.GeneratedField(
                    db_persist=True,
                    expression=Greatest("restored_risk", "not_restored_risk"),
                    output_field=models.FloatField(),
                ),
            ),
            ("cautions", models.JSONField(default=list)),
            ("model_identifier", models.CharField(max_length=40)),
            ("model_version", models.CharField(max_length=20)),
            ("model_name", models.CharField(max_length=100)),
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
                    to="scoring.assessment",
                ),
            ),
        ],
        options={
            "permissions": [
                ("assess", "Can record, complete, amend and void assessments, record outcomes"),
                ("export_records", "Can export the history"),
                ("view_validation", "Can see the local validation"),
                ("propose_recalibration", "Can propose a recalibration"),
                ("approve_recalibration", "Can approve a recalibration somebody else proposed"),
            ],
        },
    ),
]
