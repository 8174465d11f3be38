"""What ``validate_model`` says on a terminal."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from scoring.display import points_text
from scoring.evaluation.case_mix import case_mix
from scoring.evaluation.sample_size import precision_of
from scoring.evaluation.statistic_text import estimate_text, number, p_text, percent
from scoring.evaluation.wording import not_estimable_lines
from scoring.nomogram.logistic import Line
from scoring.report.validation import figure_rows, groups_table
from scoring.report.validation.case_mix import case_mix_table
from scoring.report.validation.figures import hosmer_lemeshow_rule
from scoring.report.validation.precision import precision_table, too_few_for
from scoring.statistics import RecalibrationFit, Validation
from scoring.study import analysis
from scoring.study.cohort_file import CohortFile
from scoring.study.model_file import PUBLISHED, RiskModel
from scoring.study.text_table import text_table, titled_table
from scoring.words.marks import listed


def validation_lines(
    model: RiskModel,
    patients: CohortFile,
    validation: Validation,
    adjusted: RecalibrationFit | None,
    *,
    cutoff: float,
) -> Iterator[str]:
    """Model, patients, cautions, figures beside the published ones, groups, recalibration."""
    yield _("Model: %(name)s (%(identifier)s, version %(version)s)") % {
        "name": model.name,
        "identifier": model.identifier,
        "version": model.version,
    }
    yield _("%(n)s patients, %(events)s with residual back pain (%(percent)s)") % {
        "n": validation.n,
        "events": validation.events,
        "percent": percent(validation.events / validation.n),
    }
    if patients.ignored:
        yield _("Columns not used: %(names)s") % {"names": listed(patients.ignored)}
    yield from analysis.caution_lines(patients, model)
    precision = precision_of(validation) if model is PUBLISHED else ()
    if few := too_few_for(precision):
        yield _("TOO FEW PATIENTS FOR: %(statistics)s.") % {"statistics": few}
    yield ""
    yield from titled_table(case_mix_table(case_mix(patients.cohort, patients.event)))
    yield ""
    yield from text_table(list(_rows(validation, cutoff)))
    yield ""
    if precision:
        yield from titled_table(precision_table(precision))
        yield ""
    yield from _group_lines(validation)
    yield from _recalibration_lines(adjusted, model.line)
    yield from not_estimable_lines(validation)


def _rows(validation: Validation, cutoff: float) -> Iterator[Sequence[str]]:
    yield (
        _("Statistic (95 % interval)"),
        _("These patients"),
        _("Published: training"),
        _("Published: validation"),
    )
    for row in figure_rows(validation, cutoff=cutoff):
        yield row.name, row.local, row.training, row.validation


def _group_lines(validation: Validation) -> Iterator[str]:
    yield from titled_table(groups_table(validation))
    if validation.hosmer_lemeshow is not None:
        yield hosmer_lemeshow_rule(validation.hosmer_lemeshow)
    yield ""


def _recalibration_lines(adjusted: RecalibrationFit | None, original: Line) -> Iterator[str]:
    if adjusted is None:
        return
    test = adjusted.test
    yield _("Recalibration: %(method)s") % {
        "method": {
            "original": _("not needed"),
            "intercept": _("intercept"),
            "intercept_and_slope": _("intercept and slope"),
        }[adjusted.method]
    }
    yield _(
        "  closed test: both against original p %(both)s, both against intercept p %(slope)s"
    ) % {
        "both": p_text(test.both_against_original.p),
        "slope": p_text(test.both_against_intercept.p),
    }
    if adjusted.method != "original":
        yield from _adjustment_lines(adjusted, original)
    yield from (f"  {line}" for line in text_table(list(_fitness_rows(adjusted))))
    corrected = adjusted.corrected
    if corrected is not None:
        words = {"n": corrected.n, "failed": corrected.failed, "cells": corrected.cells}
        if corrected.cells is None:
            yield _("  bootstrap: %(n)s resamples gave a curve, %(failed)s did not") % words
        else:
            yield (
                _(
                    "  bootstrap: %(n)s resamples of counts in %(cells)s cells of the logit, not "
                    "patients, gave a curve, %(failed)s did not"
                )
                % words
            )
    yield ""


def _adjustment_lines(adjusted: RecalibrationFit, original: Line) -> Iterator[str]:
    yield _("  logit(risk) = %(intercept)s + %(slope)s logit(original risk)") % {
        "intercept": number(adjusted.intercept, 4),
        "slope": number(adjusted.slope, 4),
    }
    names = _("intercept %(estimate)s"), _("slope %(estimate)s")
    for name, estimate in zip(names, adjusted.estimates, strict=True):
        if estimate is not None:
            yield "  " + name % {"estimate": estimate_text(estimate)}
    line = adjusted.line(original)
    yield _(
        "  P50 %(p50)s points, K %(k)s points per logit (before: %(old_p50)s and %(old_k)s)"
    ) % {
        "p50": points_text(line.p50_points),
        "k": points_text(line.k_points_per_logit),
        "old_p50": points_text(original.p50_points),
        "old_k": points_text(original.k_points_per_logit),
    }


def _fitness_rows(adjusted: RecalibrationFit) -> Iterator[Sequence[str]]:
    """The curve in these patients: before, after, and after less what it owes to them."""
    columns = [adjusted.before, adjusted.after]
    header = ["", _("Before"), _("After")]
    if adjusted.corrected is not None:
        columns.append(adjusted.corrected.performance)
        header.append(_("After, corrected for optimism"))
    yield header
    names = (
        _("Brier score"),
        _("Calibration-in-the-large"),
        _("Calibration intercept"),
        _("Calibration slope"),
    )
    for name, values in zip(names, zip(*columns, strict=True), strict=True):
        yield [name, *(number(value, 4) for value in values)]
