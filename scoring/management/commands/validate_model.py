"""``manage.py validate_model cohort.csv``: does the model hold in these patients?

The published model, or one made by develop_model, judged as in section 2.5 of the paper. Needs no
database.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from scoring.evaluation import CohortFile, RiskModel
from scoring.evaluation.figures import (
    auc_text,
    estimate_text,
    number,
    p_text,
    percent,
    with_interval,
)
from scoring.evaluation.wording import reason_text
from scoring.management import analysis
from scoring.management.text_table import text_table
from scoring.nomogram import publication as paper
from scoring.statistics import (
    Interval,
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
        **validation_as_dict(validation),
        "recalibration": adjusted and recalibration_as_dict(adjusted, model.line),
    }


def _text(
    model: RiskModel, patients: CohortFile, validation: Validation, adjusted: Recalibration | None
) -> Iterator[str]:
    predictions = validation.predictions
    yield _("Model: %(name)s (%(identifier)s, version %(version)s)") % {
        "name": model.name,
        "identifier": model.identifier,
        "version": model.version,
    }
    yield _("%(n)s patients, %(events)s with residual back pain (%(percent)s)") % {
        "n": predictions.n,
        "events": predictions.events,
        "percent": percent(predictions.events / predictions.n),
    }
    if patients.ignored:
        yield _("Columns not used: %(names)s") % {"names": ", ".join(patients.ignored)}
    if not validation.conclusive:
        yield _(
            "NOT YET CONCLUSIVE: fewer than 100 patients with residual back pain, or fewer than "
            "100 without."
        )
    yield ""
    yield from text_table(list(_rows(validation)))
    yield ""
    yield from _recalibration_lines(adjusted)
    for name, code in validation.not_estimable.items():
        yield _("Not estimable: %(name)s, because %(reason)s.") % {
            "name": name,
            "reason": reason_text(code),
        }


def _rows(validation: Validation) -> Iterator[Sequence[str]]:
    none = _("not estimable")
    training, later = paper.TRAINING, paper.VALIDATION
    yield (
        _("Statistic (95 % interval)"),
        _("These patients"),
        _("Published: training"),
        _("Published: validation"),
    )
    yield (
        _("AUC"),
        auc_text(validation.auc, validation.auc_ci95),
        with_interval(training.auc, paper.TRAINING_AUC_CI95),
        number(later.auc),
    )
    best = validation.youden
    yield (
        _("Best cut-off (Youden)"),
        (best and percent(best.threshold)) or none,
        percent(training.cutoff),
        percent(later.cutoff),
    )
    for label, name in ((_("  sensitivity"), "sensitivity"), (_("  specificity"), "specificity")):
        share = best and getattr(best, name)
        yield (
            label,
            with_interval(share.value, share.ci95) if share else none,
            number(getattr(training, name)),
            number(getattr(later, name)),
        )
    fixed = validation.at_cutoff
    for label, name in (
        (_("Sensitivity at 18.4 %"), "sensitivity"),
        (_("Specificity at 18.4 %"), "specificity"),
        (_("Positive predictive value at 18.4 %"), "ppv"),
        (_("Negative predictive value at 18.4 %"), "npv"),
    ):
        share = fixed and getattr(fixed, name)
        yield label, with_interval(share.value, share.ci95) if share else none, "", ""
    for label, estimate in (
        (_("Observed / expected"), validation.observed_expected),
        (_("Calibration in the large"), validation.calibration_in_the_large),
        (_("Calibration intercept"), validation.calibration_intercept),
        (_("Calibration slope"), validation.calibration_slope),
    ):
        yield label, estimate_text(estimate), "", ""
    yield _("Brier score"), number(validation.brier), "", ""
    scaled = validation.scaled_brier
    yield _("Scaled Brier score"), none if scaled is None else number(scaled), "", ""
    curve = validation.calibration_curve
    for label, name in ((_("ICI"), "ici"), (_("E50"), "e50"), (_("E90"), "e90")):
        yield label, number(getattr(curve, name)) if curve else none, "", ""
    test = validation.hosmer_lemeshow
    chi2 = _("chi2 %(chi2)s, df %(df)s, p %(p)s")
    yield (
        _("Hosmer-Lemeshow, groups - 2 df"),
        chi2 % {"chi2": number(test.chi2), "df": test.df, "p": p_text(test.p)} if test else none,
        *(
            chi2
            % {
                "chi2": number(one.hosmer_lemeshow_chi2),
                "df": 8,
                "p": number(one.hosmer_lemeshow_p),
            }
            for one in (training, later)
        ),
    )
    yield (
        _("Hosmer-Lemeshow, as many df as groups"),
        chi2 % {"chi2": number(test.chi2), "df": test.external_df, "p": p_text(test.external_p)}
        if test
        else none,
        "",
        "",
    )
    wins = validation.winning_intervals
    yield (
        _("Thresholds with net benefit"),
        none if wins is None else _intervals_text(wins),
        *(
            _intervals_text([Interval(*one) for one in known.net_benefit_thresholds])
            for known in (training, later)
        ),
    )


def _intervals_text(intervals: Sequence[Interval]) -> str:
    """The widest three; noise cuts the ends into many."""
    widest = sorted(intervals, key=lambda one: one.low - one.high)[:3]
    texts = [f"{number(100 * low, 1)}–{percent(high)}" for low, high in sorted(widest)]
    left_out = len(intervals) - len(widest)
    if left_out:
        texts.append(_("and %(count)s narrower") % {"count": left_out})
    return ", ".join(texts) or _("none")


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
