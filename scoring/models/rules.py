"""The rules of an assessment as check constraints: every domain, every either-or.

The limits come from the model; a row that breaks one is refused by the database however
it is written.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import (
    BaseConstraint,
    CheckConstraint,
    F,
    FloatField,
    Func,
    Q,
    UniqueConstraint,
)

from scoring.models.codes import (
    COMPLETABLE,
    FRACTURE_LEVELS,
    REASON_OPTIONAL,
    AgeSource,
    Change,
    DxaSite,
    OperationStatus,
    State,
)
from scoring.nomogram.eligibility import Answer, Criterion, Population, study_answer
from scoring.nomogram.parts import Range
from scoring.nomogram.rong2025.model import AGE, MVH, RONG_2025

KNOWN_POINTS = tuple(p.key for p in RONG_2025.predictors if not p.may_be_unknown)
# Sums of seven doubles agree to about 1e-13; a wrong hundredth of a point does not pass.
SUM_TOLERANCE = 1e-6
_UNIT_NAMES = {"fL": "femtolitres"}


def constraints() -> list[BaseConstraint]:
    """All constraints of the assessment table."""
    return [
        *_versions(),
        *_operation(),
        *_eligibility(),
        *_predictors(),
        *_points(),
        *_scenario("restored", present=Q(mvh_restored__isnull=True) | Q(mvh_restored=True)),
        *_scenario("not_restored", present=Q(mvh_restored__isnull=True) | Q(mvh_restored=False)),
    ]


def _check(name: str, condition: Q) -> CheckConstraint:
    return CheckConstraint(name=f"assessment_{name}", condition=condition)


def _either_or(name: str, left: Q, right: Q) -> CheckConstraint:
    """Both hold or neither does."""
    return _check(name, (left & right) | (~left & ~right))


def _versions() -> list[BaseConstraint]:
    # That a version follows its own predecessor in its own chain is a composite foreign key,
    # which Django cannot state: see the migration.
    first = Q(version=1)
    return [
        UniqueConstraint(name="assessment_version_unique", fields=["chain", "version"]),
        _check("version_from_one", Q(version__gte=1)),
        _either_or("first_supersedes_nothing", first, Q(supersedes__isnull=True)),
        _either_or("first_is_new", first, Q(change=Change.NEW)),
        _check(
            "follows_its_predecessor",
            Q(version=1, supersedes_version__isnull=True)
            | Q(supersedes_version__isnull=False, version=F("supersedes_version") + 1),
        ),
        _check(
            "reason_for_every_correction",
            Q(change__in=REASON_OPTIONAL) | Q(reason__regex=r"[^[:space:]]"),
        ),
        _either_or("voided_by_void", Q(state=State.VOIDED), Q(change=Change.VOID)),
        _check("state_known_code", Q(state__in=State.values)),
        _check("change_known_code", Q(change__in=Change.values)),
        _check(
            "provisional_without_mvh",
            Q(state=State.VOIDED)
            | Q(state__in=[*COMPLETABLE, State.CANCELLED], mvh_restored__isnull=True)
            | Q(state=State.FINAL, mvh_restored__isnull=False),
        ),
        _check("completed_is_final", ~Q(change=Change.COMPLETE) | Q(state=State.FINAL)),
        _check(
            "state_of_what_is_awaited",
            ~Q(change__in=[Change.NO_RADIOGRAPH, Change.CANCEL, Change.RESUME])
            | Q(change=Change.NO_RADIOGRAPH, state=State.NO_RADIOGRAPH)
            | Q(change=Change.CANCEL, state=State.CANCELLED)
            | Q(change=Change.RESUME, state=State.PROVISIONAL),
        ),
        _check(
            "no_radiograph_of_an_operation",
            ~Q(state=State.NO_RADIOGRAPH) | Q(operation_status=OperationStatus.DONE),
        ),
        _check(
            "cancelled_was_planned",
            ~Q(state=State.CANCELLED) | Q(operation_status=OperationStatus.PLANNED),
        ),
    ]


def _operation() -> list[BaseConstraint]:
    done = Q(operation_status=OperationStatus.DONE)
    return [
        _check("operation_known_code", Q(operation_status__in=OperationStatus.values)),
        _check("mvh_after_operation_only", Q(mvh_restored__isnull=True) | done),
        _check(
            "radiograph_with_mvh_only",
            Q(radiograph_date__isnull=True) | Q(mvh_restored__isnull=False),
        ),
        _check(
            "radiograph_after_operation",
            Q(radiograph_date__isnull=True) | Q(radiograph_date__gte=F("operation_date")),
        ),
        _check(
            "fracture_level_known_code", Q(fracture_level__in=[code for code, _ in FRACTURE_LEVELS])
        ),
        _check("dxa_site_known_code", Q(dxa_site__in=["", *DxaSite.values])),
    ]


def _eligibility() -> list[BaseConstraint]:
    answered = [
        _check(f"{criterion}_answered", Q(**{f"{criterion}__in": [a.value for a in Answer]}))
        for criterion in Criterion
    ]
    outside, open_question = Q(), Q()
    for criterion in Criterion:
        other = Answer.NO if study_answer(criterion) is Answer.YES else Answer.YES
        outside |= Q(**{criterion.value: other.value})
        open_question |= Q(**{criterion.value: Answer.NOT_ASSESSED.value})
    return [
        *answered,
        _either_or("outside_by_answers", Q(population=Population.OUTSIDE.value), outside),
        _either_or(
            "as_study_by_answers",
            Q(population=Population.AS_STUDY.value),
            ~outside & ~open_question,
        ),
        _check("population_known_code", Q(population__in=[p.value for p in Population])),
    ]


def _within(field: str, limits: Range) -> Q:
    # By way of text: the decimal 34.8, not the double nearest to it.
    low, high = (Decimal(repr(limit)) for limit in limits)
    return Q(**{f"{field}__gte": low, f"{field}__lte": high})


def _completed_years() -> Func:
    """Age on the day of the operation, as PostgreSQL counts it; without a time zone."""
    return Func(
        "operation_date",
        "birth_date",
        template="date_part('year', age(%(expressions)s::timestamp))",
        arg_joiner="::timestamp, ",
        output_field=FloatField(),
    )


def _predictors() -> list[BaseConstraint]:
    age_low, age_high = (int(limit) for limit in AGE.domain)
    return [
        _check("age_in_domain", Q(age_years__gte=age_low, age_years__lte=age_high)),
        _check("age_source_known_code", Q(age_source__in=AgeSource.values)),
        _either_or(
            "age_from_birth_date",
            Q(age_source=AgeSource.BIRTH_DATE),
            Q(birth_date__isnull=False),
        ),
        _check(
            "age_is_completed_years",
            Q(birth_date__isnull=True) | Q(age_years=_completed_years()),
        ),
        *_domains(),
    ]


def _domains() -> Iterator[BaseConstraint]:
    """What can be scored of each number, and the one unit where it is asked for."""
    for field, predictor in RONG_2025.numeric.items():
        beside = predictor.provenance
        if beside is None:
            continue
        yield _check(f"{beside.quantity}_in_domain", _within(field, predictor.domain))
        if beside.unit_field:
            unit = Q(**{beside.unit_field: predictor.unit})
            yield _check(f"{beside.quantity}_in_{_UNIT_NAMES[predictor.unit]}", unit)


def _points() -> list[BaseConstraint]:
    in_range = [
        _check(f"points_{name}_0_to_100", Q(**{f"points_{name}__range": (0.0, 100.0)}))
        for name in KNOWN_POINTS
    ]
    return [
        *in_range,
        _either_or(
            "points_mvh_with_mvh", Q(points_mvh__isnull=False), Q(mvh_restored__isnull=False)
        ),
        _check(
            "points_mvh_0_to_100", Q(points_mvh__isnull=True) | Q(points_mvh__range=(0.0, 100.0))
        ),
    ]


def _scenario(prefix: str, *, present: Q) -> list[BaseConstraint]:
    """The six numbers of one scenario: all there or none, in order, and the sum right."""
    fields = [
        f"{prefix}_{field}"
        for field in ("total_points", "risk", "ci95_low", "ci95_high", "band_low", "band_high")
    ]
    total, risk, ci95_low, ci95_high, band_low, band_high = fields
    all_there = Q(**{f"{field}__isnull": False for field in fields})
    none_there = Q(**{f"{field}__isnull": True for field in fields})
    mvh = MVH.answer_points.yes if prefix == "restored" else MVH.answer_points.no
    known = sum((F(f"points_{name}") for name in KNOWN_POINTS[1:]), F("points_age"))
    return [
        _check(f"{prefix}_all_or_none", (present & all_there) | (~present & none_there)),
        _check(
            f"{prefix}_risk_between_0_and_1", none_there | Q(**{f"{risk}__gt": 0, f"{risk}__lt": 1})
        ),
        _check(
            f"{prefix}_interval_holds_risk",
            none_there
            | Q(
                **{
                    f"{ci95_low}__lte": F(risk),
                    f"{ci95_high}__gte": F(risk),
                    f"{band_low}__lte": F(risk),
                    f"{band_high}__gte": F(risk),
                }
            ),
        ),
        _check(
            f"{prefix}_total_is_the_sum",
            none_there
            | Q(
                **{
                    f"{total}__gte": known + mvh - SUM_TOLERANCE,
                    f"{total}__lte": known + mvh + SUM_TOLERANCE,
                }
            ),
        ),
    ]
