"""``manage.py validate_model cohort.csv``: does the model hold in these patients?

The published model, or one made by develop_model, judged as in section 2.5 of the paper. Needs no
database.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from scoring.evaluation import CohortFile, RiskModel, cautions_as_list
from scoring.evaluation.figures import number, p_text, percent
from scoring.evaluation.wording import not_estimable_lines
from scoring.management import analysis
from scoring.management.text_table import text_table
from scoring.nomogram import publication as paper
from scoring.report.validation import figure_rows
from scoring.statistics import (
    NotEstimableError,
    Predictions,
    Recalibration,
    Validation,
    recalibrate,
    recalibration_as_dict,
    validate,
    validation_as_dict,
)


class Command(BaseCommand):
    """Judge a model on a CSV of patients."""

    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """File, model, cut-off, bootstrap, JSON."""
        analysis.add_cohort_argument(parser)
        analysis.add_model_argument(parser)
        parser.add_argument("--json", action="store_true", help="all numbers, at full precision")
        analysis.add_bootstrap_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a file that cannot be analysed."""
        settings = analysis.checked_bootstrap(options)
        patients = analysis.read_patients(options["cohort"])
        model = analysis.read_model(options["model"])
        predictions = Predictions(model.risk(patients.cohort), patients.event)
        validation = validate(
            predictions,
            cutoff=paper.CUTOFF,
            resamples=settings["resamples"],
            seed=settings["seed"],
        )
        adjusted: Recalibration | None = None
        try:
            if model.was_made_from(patients):
                raise NotEstimableError("same_data")
            adjusted = recalibrate(
                predictions, progress=analysis.progress_to(self.stderr), **settings
            )
        except NotEstimableError as error:
            validation.not_estimable["recalibration"] = error.code
        with analysis.reader_may_leave():
            if options["json"]:
                self.stdout.write(analysis.as_json(_plain(model, patients, validation, adjusted)))
            else:
                for line in _text(model, patients, validation, adjusted):
                    self.stdout.write(line)


def _plain(
    model: RiskModel, patients: CohortFile, validation: Validation, adjusted: Recalibration | None
) -> dict[str, Any]:
    return {
        "model": {"identifier": model.identifier, "version": model.version, "name": model.name},
        "cohort": {"sha256": patients.sha256, "ignored_columns": list(patients.ignored)},
        "same_data": model.was_made_from(patients),
        "cautions": cautions_as_list(patients, model),
        **validation_as_dict(validation),
        "recalibration": adjusted and recalibration_as_dict(adjusted, model.line),
    }


def _text(
    model: RiskModel, patients: CohortFile, validation: Validation, adjusted: Recalibration | None
) -> Iterator[str]:
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
        yield _("Columns not used: %(names)s") % {"names": ", ".join(patients.ignored)}
    yield from analysis.caution_lines(patients, model)
    if not validation.conclusive:
        yield _(
            "NOT YET CONCLUSIVE: fewer than 100 patients with residual back pain, or fewer than "
            "100 without."
        )
    yield ""
    yield from text_table(list(_rows(validation)))
    yield ""
    yield from _recalibration_lines(adjusted)
    yield from not_estimable_lines(validation)


def _rows(validation: Validation) -> Iterator[Sequence[str]]:
    yield (
        _("Statistic (95 % interval)"),
        _("These patients"),
        _("Published: training"),
        _("Published: validation"),
    )
    for row in figure_rows(validation):
        yield row.name, row.local, row.training, row.validation


def _recalibration_lines(adjusted: Recalibration | None) -> Iterator[str]:
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
        yield _("  logit(risk) = %(intercept)s + %(slope)s logit(original risk)") % {
            "intercept": number(adjusted.intercept, 4),
            "slope": number(adjusted.slope, 4),
        }
    corrected = adjusted.corrected
    if corrected is not None and corrected.cells is not None:
        yield _(
            "  bootstrap: %(n)s resamples of counts in %(cells)s cells of the logit, not patients"
        ) % {"n": corrected.n, "cells": corrected.cells}
