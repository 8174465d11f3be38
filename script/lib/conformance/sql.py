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
from script.lib.conformance.sql_intervals import (
    band_ends,
    covariate,
    double,
    interval_ends,
    line_variance,
    logit_of,
    logit_variance,
    risk_of,
)

_HEAD = """\
-- {label}: points, risk, 95 % interval and range, for PostgreSQL 14 or later.
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
       ci95.ci95_low,
       ci95.ci95_high,
       band.band_low,
       band.band_high,
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
    points = [f"points.points_{key}" for key in model.by_key]
    line = model.line
    steps = {
        "scenario": _scenarios(model),
        "checked": f"SELECT {_AND.join(map(_is_scored, model.predictors))} AS scored",
        "covariate": f"SELECT {_COMMA.join(map(_covariate_column, model.predictors))}",
        "points": f"SELECT {_COMMA.join(map(_points_column, model.predictors))}",
        "total": f"SELECT {_PLUS.join(points)} AS total_points",
        "position": f"SELECT {logit_of('total.total_points', line)} AS logit",
        "result": f"SELECT {risk_of('position.logit')} AS risk",
        "variance": f"SELECT {logit_variance(model)} AS of_logit,\n"
        f"{_INDENT}{line_variance(model)} AS of_line",
        "ci95": f"SELECT {_COMMA.join(interval_ends())}",
        "band": f"SELECT {_COMMA.join(band_ends(model))}",
    }
    return (
        _HEAD.format(label=model.label, columns=columns, late=late)
        + _SELECTED.format(points=",\n       ".join(points), cutoff=double(model.cutoff))
        # OFFSET 0: each step is computed once, not once for each of its uses.
        + "".join(
            f" CROSS JOIN LATERAL (\n{_INDENT}{step}\n{_INDENT}OFFSET 0\n       ) AS {name}\n"
            for name, step in steps.items()
        )
    )


def _type_of(predictor: Predictor) -> str:
    if isinstance(predictor, NumericPredictor):
        return f"numeric{f', in {predictor.unit}' if predictor.unit else ''}"
    return "boolean"


def _value(predictor: Predictor) -> str:
    if isinstance(predictor, YesNo) and predictor.may_be_unknown:
        return "scenario.answer"
    name = f'patient."{predictor.field}"'
    return f"{name}::float8" if isinstance(predictor, NumericPredictor) else name


def _is_scored(predictor: Predictor) -> str:
    value = _value(predictor)
    if not isinstance(predictor, NumericPredictor):
        return f"{value} IS NOT NULL"
    low, high = map(double, predictor.domain)
    # NaN is greater than every number for PostgreSQL, so it is not scored; NULL is not true.
    inside = f"{value} BETWEEN {low} AND {high}"
    return f"{inside} AND {value} = floor({value})" if predictor.whole else inside


def _covariate_column(predictor: Predictor) -> str:
    value = _value(predictor)
    if isinstance(predictor, Threshold):
        value = f"({value} < {double(predictor.below)})::int::float8"
    elif isinstance(predictor, YesNo):
        value = f"{value}::int::float8"
    elif not isinstance(predictor, Measured):
        raise TypeError(f"{predictor.key}: no kind of predictor that is known")
    # CASE, not a condition of a join: nothing is computed from what can't be scored.
    return f'CASE WHEN checked.scored THEN {value} END AS "{predictor.key}"'


def _points_column(predictor: Predictor) -> str:
    value = covariate(predictor.key)
    if isinstance(predictor, Measured):
        rate, zero = predictor.points_per_unit, double(predictor.zero_at)
        distance = f"{zero} - {value}" if rate < 0.0 else f"{value} - {zero}"
        points = f"{double(abs(rate))} * ({distance})"
    elif isinstance(predictor, Threshold | YesNo):
        yes, no = map(double, predictor.answer_points)
        points = f"{yes} * {value} + {no} * (1::float8 - {value})"
    else:
        raise TypeError(f"{predictor.key}: no kind of predictor that is known")
    return f"{points} AS points_{predictor.key}"


def _scenarios(model: Nomogram) -> str:
    late = model.late
    if late is None or late.unknown_as is None:
        return "SELECT 'final' AS scenario"
    field = f'patient."{late.field}"'
    yes, no = late.unknown_as
    return _SCENARIOS.format(field=field, yes=f"'if_{yes}'", no=f"'if_{no}'")
