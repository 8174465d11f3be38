"""The columns that are written out are those that the model of the paper says."""

from django.db import models

from scoring.models import Assessment, IndexAssessment
from scoring.models.predictor_columns import KnownPredictorColumns, PredictorColumns
from scoring.nomogram.rong2025.model import RONG_2025


def _names(columns: type[models.Model]) -> set[str]:
    return {field.name for field in columns._meta.get_fields()}


def test_every_predictor_has_its_columns_and_no_other_is_there() -> None:
    besides = {
        name
        for beside in RONG_2025.provenances.values()
        for name in (
            beside.date_field,
            beside.typed_field,
            beside.unit_field,
            beside.site_field,
        )
        if name
    }
    points = {f"points_{key}" for key in RONG_2025.by_key}
    assert _names(PredictorColumns) == {*RONG_2025.fields, *besides, *points}
    assert _names(KnownPredictorColumns) == set(RONG_2025.fields)
    assert _names(PredictorColumns) <= _names(Assessment)
    assert _names(KnownPredictorColumns) <= _names(IndexAssessment)


def test_only_the_late_predictor_may_be_unknown() -> None:
    for predictor in RONG_2025.predictors:
        for name in (predictor.field, f"points_{predictor.key}"):
            assert Assessment._meta.get_field(name).null == predictor.may_be_unknown
        assert not IndexAssessment._meta.get_field(predictor.field).null


def test_a_column_keeps_more_decimals_than_the_model_reports() -> None:
    for field, predictor in RONG_2025.numeric.items():
        column = Assessment._meta.get_field(field)
        if isinstance(column, models.DecimalField):
            assert column.decimal_places > predictor.decimals
        else:
            assert predictor.decimals == 0


def test_the_unit_is_the_one_that_is_scored() -> None:
    units = {
        beside.unit_field: RONG_2025.numeric[field].unit
        for field, beside in RONG_2025.provenances.items()
        if beside.unit_field
    }
    assert units
    for name, unit in units.items():
        column = Assessment._meta.get_field(name)
        assert isinstance(column, models.CharField)
        assert column.choices == [(unit, unit)]
