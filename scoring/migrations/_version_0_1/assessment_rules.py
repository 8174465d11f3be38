"""The rules of an assessment: every domain, every either-or."""

from decimal import Decimal

from django.db import migrations, models
from django.db.models import F, Func, Q

from .assessments import LEVELS

ANSWERS = ["yes", "no", "not_assessed"]
# The answer each criterion of the study has where a patient would have been in it.
IN_STUDY = {
    "ovcf_treated_by_pkp": "yes",
    "single_vertebra": "yes",
    "neurological_injury": "no",
    "cord_compression": "no",
    "previous_spinal_surgery": "no",
    "chronic_low_back_pain": "no",
    "tumour_infection_tuberculosis": "no",
    "infection": "no",
    "coagulation_or_systemic_disease": "no",
    "new_vertebral_fracture": "no",
}
OUTSIDE, OPEN = Q(), Q()
for _criterion, _answer in IN_STUDY.items():
    OUTSIDE |= Q(**{_criterion: "no" if _answer == "yes" else "yes"})
    OPEN |= Q(**{_criterion: "not_assessed"})
KNOWN_POINTS = [
    "points_age",
    "points_bmd",
    "points_trauma_history",
    "points_posterior_fascia_edema",
    "points_pdw",
    "points_chloride",
]
COMPLETED_YEARS = Func(
    "operation_date",
    "birth_date",
    template="date_part('year', age(%(expressions)s::timestamp))",
    arg_joiner="::timestamp, ",
    output_field=models.FloatField(),
)


def rule(name, condition):
    """A check constraint of the assessment."""
    return migrations.AddConstraint(
        model_name="assessment",
        constraint=models.CheckConstraint(name=f"assessment_{name}", condition=condition),
    )


def scenario(height, present, *, points_mvh):
    """What holds for the results of one height of the vertebra, where they are present."""
    columns = [
        f"{height}_{name}"
        for name in ("total_points", "risk", "ci95_low", "ci95_high", "band_low", "band_high")
    ]
    filled = Q(**{f"{column}__isnull": False for column in columns})
    empty = Q(**{f"{column}__isnull": True for column in columns})
    risk, total = f"{height}_risk", f"{height}_total_points"
    points = F(KNOWN_POINTS[0])
    for name in KNOWN_POINTS[1:]:
        points = points + F(name)
    points = points + points_mvh
    return [
        rule(f"{height}_all_or_none", (present & filled) | (~present & empty)),
        rule(f"{risk}_between_0_and_1", empty | Q(**{f"{risk}__gt": 0, f"{risk}__lt": 1})),
        rule(
            f"{height}_interval_holds_risk",
            empty
            | Q(
                **{
                    f"{height}_ci95_low__lte": F(risk),
                    f"{height}_ci95_high__gte": F(risk),
                    f"{height}_band_low__lte": F(risk),
                    f"{height}_band_high__gte": F(risk),
                }
            ),
        ),
        rule(
            f"{height}_total_is_the_sum",
            empty | Q(**{f"{total}__gte": points - 1e-6, f"{total}__lte": points + 1e-6}),
        ),
    ]


operations = [
    migrations.AddConstraint(
        model_name="assessment",
        constraint=models.UniqueConstraint(
            fields=("chain", "version"), name="assessment_version_unique"
        ),
    ),
    rule("version_from_one", Q(version__gte=1)),
    rule(
        "first_supersedes_nothing",
        (Q(version=1) & Q(supersedes__isnull=True)) | (~Q(version=1) & ~Q(supersedes__isnull=True)),
    ),
    rule("first_is_new", (Q(version=1) & Q(change="new")) | (~Q(version=1) & ~Q(change="new"))),
    rule(
        "follows_its_predecessor",
        Q(supersedes_version__isnull=True, version=1)
        | Q(supersedes_version__isnull=False, version=F("supersedes_version") + 1),
    ),
    rule(
        "reason_for_every_correction",
        Q(change__in=["new", "complete"]) | Q(reason__regex="[^[:space:]]"),
    ),
    rule(
        "voided_by_void",
        (Q(state="voided") & Q(change="void")) | (~Q(state="voided") & ~Q(change="void")),
    ),
    rule("state_known_code", Q(state__in=["provisional", "final", "voided"])),
    rule("change_known_code", Q(change__in=["new", "complete", "amend", "void", "reinstate"])),
    rule(
        "provisional_without_mvh",
        Q(state="voided")
        | Q(mvh_restored__isnull=True, state="provisional")
        | Q(mvh_restored__isnull=False, state="final"),
    ),
    rule("completed_is_final", ~Q(change="complete") | Q(state="final")),
    rule("operation_known_code", Q(operation_status__in=["planned", "done"])),
    rule("mvh_after_operation_only", Q(mvh_restored__isnull=True) | Q(operation_status="done")),
    rule(
        "radiograph_with_mvh_only", Q(radiograph_date__isnull=True) | Q(mvh_restored__isnull=False)
    ),
    rule(
        "radiograph_after_operation",
        Q(radiograph_date__isnull=True) | Q(radiograph_date__gte=F("operation_date")),
    ),
    rule("fracture_level_known_code", Q(fracture_level__in=LEVELS)),
    rule("dxa_site_known_code", Q(dxa_site__in=["", "lumbar_spine", "femoral_neck", "total_hip"])),
    *(rule(f"{criterion}_answered", Q(**{f"{criterion}__in": ANSWERS})) for criterion in IN_STUDY),
    rule(
        "outside_by_answers",
        (Q(population="outside") & OUTSIDE) | (~Q(population="outside") & ~OUTSIDE),
    ),
    rule(
        "as_study_by_answers",
        (Q(population="as_study") & ~OUTSIDE & ~OPEN)
        | (~Q(population="as_study") & ~(~OUTSIDE & ~OPEN)),
    ),
    rule("population_known_code", Q(population__in=["as_study", "not_fully_assessed", "outside"])),
    rule("age_in_domain", Q(age_years__gte=50, age_years__lte=100)),
    rule("age_source_known_code", Q(age_source__in=["birth_date", "stated"])),
    rule(
        "age_from_birth_date",
        Q(age_source="birth_date", birth_date__isnull=False)
        | (~Q(age_source="birth_date") & ~Q(birth_date__isnull=False)),
    ),
    rule("age_is_completed_years", Q(birth_date__isnull=True) | Q(age_years=COMPLETED_YEARS)),
    rule("t_score_in_domain", Q(t_score__gte=Decimal("-10.0"), t_score__lte=Decimal("4.0"))),
    rule("pdw_in_domain", Q(pdw_fl__gte=Decimal("6.0"), pdw_fl__lte=Decimal("34.8"))),
    rule("pdw_in_femtolitres", Q(pdw_unit="fL")),
    rule(
        "chloride_in_domain",
        Q(chloride_mmol_l__gte=Decimal("75.8"), chloride_mmol_l__lte=Decimal("115.0")),
    ),
    *(rule(f"{name}_0_to_100", Q(**{f"{name}__range": (0.0, 100.0)})) for name in KNOWN_POINTS),
    rule(
        "points_mvh_with_mvh",
        (Q(points_mvh__isnull=False) & Q(mvh_restored__isnull=False))
        | (~Q(points_mvh__isnull=False) & ~Q(mvh_restored__isnull=False)),
    ),
    rule("points_mvh_0_to_100", Q(points_mvh__isnull=True) | Q(points_mvh__range=(0.0, 100.0))),
    *scenario("restored", Q(mvh_restored__isnull=True) | Q(mvh_restored=True), points_mvh=0.0),
    *scenario(
        "not_restored", Q(mvh_restored__isnull=True) | Q(mvh_restored=False), points_mvh=35.68
    ),
]
