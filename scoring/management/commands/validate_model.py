"""``manage.py validate_model cohort.csv``: does the model hold in these patients?

The published model, or one made by develop_model, judged as in section 2.5 of the paper. Needs no
database.
"""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.evaluation.case_mix import case_mix
from scoring.evaluation.sample_size import precision_as_list
from scoring.management.help_text import describe
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import (
    NotEstimableError,
    Predictions,
    RecalibrationFit,
    Validation,
    recalibrate,
    recalibration_as_dict,
    validate,
    validation_as_dict,
)
from scoring.study import analysis
from scoring.study.cautions import cautions_as_list
from scoring.study.cohort_file import CohortFile
from scoring.study.model_file import PUBLISHED, RiskModel
from scoring.study.validation_text import validation_lines


class Command(BaseCommand):
    """Judge a model on a CSV of patients."""

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """File, model, cut-off, bootstrap, JSON."""
        describe(
            parser,
            _(
                "Does the model hold in the patients of a CSV file? The published model, or one "
                "made by develop_model, judged as in section 2.5 of the paper. Needs no database."
            ),
        )
        analysis.add_cohort_argument(parser)
        analysis.add_model_argument(parser)
        parser.add_argument(
            "--cutoff",
            type=float,
            default=RONG_2025.cutoff,
            help=_(
                "risk, between 0 and 1, from which on a patient counts as at risk; default: the "
                "study's, %(default)s"
            ),
        )
        parser.add_argument("--json", action="store_true", help=_("all numbers, at full precision"))
        analysis.add_bootstrap_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a file that cannot be analysed."""
        settings = analysis.checked_bootstrap(options)
        cutoff: float = options["cutoff"]
        if not 0.0 < cutoff < 1.0:
            raise CommandError(_("--cutoff is a risk between 0 and 1."))
        patients = analysis.read_patients(
            options["cohort"], complete_cases=options["complete_cases"]
        )
        model = analysis.read_model(options["model"])
        predictions = Predictions(model.risk(patients.cohort), patients.event)
        validation = validate(
            predictions,
            cutoff=cutoff,
            resamples=settings["resamples"],
            seed=settings["seed"],
        )
        adjusted: RecalibrationFit | None = None
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
                analysis.warn(self.stderr, patients, model)
                self.stdout.write(analysis.as_json(_plain(model, patients, validation, adjusted)))
            else:
                for line in validation_lines(model, patients, validation, adjusted, cutoff=cutoff):
                    self.stdout.write(line)


def _plain(
    model: RiskModel,
    patients: CohortFile,
    validation: Validation,
    adjusted: RecalibrationFit | None,
) -> dict[str, Any]:
    same_data = model.was_made_from(patients)
    return {
        "model": {"identifier": model.identifier, "version": model.version, "name": model.name},
        "cohort": analysis.cohort_as_dict(patients),
        "same_data": same_data,
        "cautions": cautions_as_list(patients, model),
        "case_mix": [asdict(row) for row in case_mix(patients.cohort, patients.event)],
        **validation_as_dict(validation, external=not same_data),
        "sample_size": precision_as_list(validation) if model is PUBLISHED else None,
        "recalibration": adjusted and recalibration_as_dict(adjusted, model.line),
    }
