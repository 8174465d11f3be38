"""First final versions, which the local validation reads, and its cached results."""

from django.db import migrations, models

from ._triggers import append_only, trigger

POPULATIONS = [
    ("as_study", "as_study"),
    ("not_fully_assessed", "not_fully_assessed"),
    ("outside", "outside"),
]

operations = [
    migrations.CreateModel(
        name="CachedValidation",
        fields=[
            ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
            ("stamp", models.CharField(max_length=200)),
            ("made_at", models.DateTimeField()),
            ("content", models.TextField()),
        ],
    ),
    migrations.CreateModel(
        name="FirstFinal",
        fields=[
            (
                "chain",
                models.OneToOneField(
                    on_delete=models.PROTECT,
                    primary_key=True,
                    related_name="first_final",
                    serialize=False,
                    to="scoring.assessmentchain",
                ),
            ),
            ("patient_id", models.UUIDField()),
            ("created_at", models.DateTimeField()),
            ("population", models.CharField(choices=POPULATIONS, max_length=18)),
            ("model_identifier", models.CharField(max_length=40)),
            ("model_version", models.CharField(max_length=20)),
            ("age_years", models.PositiveSmallIntegerField()),
            ("t_score", models.FloatField()),
            ("trauma_history", models.BooleanField()),
            ("posterior_fascia_edema", models.BooleanField()),
            ("pdw_fl", models.FloatField()),
            ("chloride_mmol_l", models.FloatField()),
            ("mvh_restored", models.BooleanField()),
            ("total_points", models.FloatField()),
            ("risk", models.FloatField()),
            (
                "assessment",
                models.OneToOneField(
                    on_delete=models.PROTECT, related_name="first_final_of", to="scoring.assessment"
                ),
            ),
        ],
    ),
    *append_only("firstfinal", "first_final", marks=("8f0fc", "df0a1")),
    trigger(
        "firstfinal",
        "first_final_from_its_version_only",
        mark="d12cb",
        fires="BEFORE INSERT",
        function="""
                    -- Depth 2 is the trigger of an inserted version; all else is refused.
                    IF pg_trigger_depth() < 2 THEN
                        RAISE EXCEPTION 'pgtrigger: a first final comes with its version alone';
                    END IF;
                    RETURN NEW;
                """,
    ),
]
