"""The columns of the predictors, in the one place where they are written out.

Abstract models and not a loop over the predictors: Django, its migrations, the type checker and
an editor read class bodies. A test holds both against what the model of the paper says.
"""

from decimal import Decimal

from django.db import models

from scoring.models.codes import DxaSite


def _number() -> "models.DecimalField[str | float | Decimal, Decimal]":
    return models.DecimalField(max_digits=8, decimal_places=4)


def _as_typed() -> "models.CharField[str, str]":
    return models.CharField(max_length=20)


class PredictorColumns(models.Model):
    """What was entered about each predictor, with its provenance, and its points."""

    age_years = models.PositiveSmallIntegerField()
    t_score = _number()
    t_score_entered = _as_typed()
    dxa_date = models.DateField(null=True)
    dxa_site = models.CharField(max_length=12, choices=DxaSite, blank=True)
    trauma_history = models.BooleanField()
    trauma_history_date = models.DateField(null=True)
    posterior_fascia_edema = models.BooleanField()
    mri_date = models.DateField(null=True)
    pdw_fl = _number()
    pdw_entered = _as_typed()
    pdw_unit = models.CharField(max_length=2, choices=[("fL", "fL")])
    pdw_date = models.DateField(null=True)
    chloride_mmol_l = _number()
    chloride_entered = _as_typed()
    chloride_date = models.DateField(null=True)
    mvh_restored = models.BooleanField(null=True)
    radiograph_date = models.DateField(null=True)

    points_age = models.FloatField()
    points_bmd = models.FloatField()
    points_trauma_history = models.FloatField()
    points_posterior_fascia_edema = models.FloatField()
    points_pdw = models.FloatField()
    points_chloride = models.FloatField()
    points_mvh = models.FloatField(null=True)

    class Meta:
        abstract = True


class KnownPredictorColumns(models.Model):
    """The values alone, all of them known; numbers as floats, which are read fast."""

    age_years = models.PositiveSmallIntegerField()
    t_score = models.FloatField()
    trauma_history = models.BooleanField()
    posterior_fascia_edema = models.BooleanField()
    pdw_fl = models.FloatField()
    chloride_mmol_l = models.FloatField()
    mvh_restored = models.BooleanField()

    class Meta:
        abstract = True
