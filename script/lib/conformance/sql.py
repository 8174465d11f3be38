"""The model as one SELECT for PostgreSQL, with the product's order of operations.

Sums and products are those of the product, one after the other, so that points are the same to the
last bit. Risks are the same to the last bit where the product's exp() is that of the C library.
"""

from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import (
    Measured,
    NumericPredictor,
    Predictor,
    Threshold,
    YesNo,
)

_HEAD = """\
-- {label}: points, total points and risk, for PostgreSQL 14 or later.
--
-- It reads a table, view or query named patient with these columns, and returns them with the
-- result of each patient:
--
{columns}
--
-- A value that is missing or can't be scored gives NULL in every column of the result.{late}
-- Columns of type numeric or double precision hold what was typed; real (float4) does not.
--
-- Points and risks are not rounded; round only what is shown, as the last columns do: to a numeric
-- of nine decimals, which removes the noise of binary fractions, then half up, as round() of a
-- numeric does. round(), to_char() and a cast to integer of a double precision round halves either
-- way: don't use them.
"""
_LATE = """
-- NULL in {field} means "not known yet": then two rows come, one for each answer, and
-- scenario says which. Every other patient has one row, and scenario is 'final'."""

_INDENT = " " * 10
_COMMA = f",\n{_INDENT}"
_AND = f"\n{_INDENT}AND "
_PLUS = f"\n{_INDENT}+ "
_SELECTED = """\
SELECT patient.*,
       scenario.scenario,
          {points},
       total.total_points,
       result.risk,
       result.risk >= {cutoff} AS at_or_above_cutoff,
       round(round(total.total_points::numeric, 9), 2)::text AS shown_total_points,
       CASE WHEN result.risk < 0.01::float8 THEN '< 1 %'
            WHEN result.risk > 0.99::float8 THEN '> 99 %'
            ELSE round(round((result.risk * 100)::numeric, 9), 0)::text || ' %'
       END AS shown_risk
  FROM patient
"""
_SCENARIOS = f"""\
SELECT 'final' AS scenario, {{field}} AS answer WHERE {{field}} IS NOT NULL
{_INDENT}UNION ALL
{_INDENT}SELECT * FROM (VALUES ({{yes}}, true), ({{no}}, false)) AS unknown
{_INDENT}WHERE {{field}} IS NULL"""  # noqa: S608 - the text is the product


def sql(model: Nomogram) -> str:
    """The text of the SELECT."""
    columns = "\n".join(f"--   {p.field:<28} {_type_of(p)}" for p in model.predictors)
    late = "" if model.late is None else _LATE.format(field=model.late.field)
    names = [f"points_{key}" for key in model.by_key]
    line = model.line
    steps = {
        "scenario": _scenarios(model),
        "checked": f"SELECT {_AND.join(map(_is_scored, model.predictors))} AS scored",
        # CASE, not a condition of a join: nothing is computed from what can't be scored.
        "points": "SELECT " + _COMMA.join(map(_column, model.predictors)),
        "total": f"SELECT {_PLUS.join(f'points.{name}' for name in names)} AS total_points",
        "position": f"SELECT (total.total_points - {_double(line.p50_points)}) / "
        f"{_double(line.k_points_per_logit)} AS logit",
        "result": "SELECT 1::float8 / (1::float8 + exp(-position.logit)) AS risk",
    }
    return (
        _HEAD.format(label=model.label, columns=columns, late=late)
        + _SELECTED.format(
            points=_COMMA.join(f"points.{name}" for name in names), cutoff=_double(model.cutoff)
        )
        + "".join(
            f" CROSS JOIN LATERAL (\n{_INDENT}{step}\n       ) AS {name}\n"
            for name, step in steps.items()
        )
    )


def _column(predictor: Predictor) -> str:
    return f"CASE WHEN checked.scored THEN {_points(predictor)} END AS points_{predictor.key}"


def _type_of(predictor: Predictor) -> str:
    if isinstance(predictor, NumericPredictor):
        return f"numeric{f', in {predictor.unit}' if predictor.unit else ''}"
    return "boolean"


def _double(value: float) -> str:
    """The literal; its shortest digits give the same double again."""
    return f"'{value!r}'::float8"


def _value(predictor: Predictor) -> str:
    if isinstance(predictor, YesNo) and predictor.may_be_unknown:
        return "scenario.answer"
    name = f'patient."{predictor.field}"'
    return f"{name}::float8" if isinstance(predictor, NumericPredictor) else name


def _is_scored(predictor: Predictor) -> str:
    value = _value(predictor)
    if not isinstance(predictor, NumericPredictor):
        return f"{value} IS NOT NULL"
    low, high = map(_double, predictor.domain)
    # NaN is greater than every number for PostgreSQL, so it is not scored; NULL is not true.
    inside = f"{value} BETWEEN {low} AND {high}"
    return f"{inside} AND {value} = floor({value})" if predictor.whole else inside


def _points(predictor: Predictor) -> str:
    value = _value(predictor)
    if isinstance(predictor, Measured):
        rate, zero = predictor.points_per_unit, _double(predictor.zero_at)
        distance = f"{zero} - {value}" if rate < 0.0 else f"{value} - {zero}"
        return f"{_double(abs(rate))} * ({distance})"
    if isinstance(predictor, Threshold):
        holds, points = f"{value} < {_double(predictor.below)}", predictor.answer_points
    elif isinstance(predictor, YesNo):
        holds, points = value, predictor.answer_points
    else:
        raise TypeError(f"{predictor.key}: no kind of predictor that is known")
    return f"CASE WHEN {holds} THEN {_double(points.yes)} ELSE {_double(points.no)} END"


def _scenarios(model: Nomogram) -> str:
    late = model.late
    if late is None or late.unknown_as is None:
        return "SELECT 'final' AS scenario"
    field = f'patient."{late.field}"'
    yes, no = late.unknown_as
    return _SCENARIOS.format(field=field, yes=f"'if_{yes}'", no=f"'if_{no}'")
