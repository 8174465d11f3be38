"""``manage.py develop_model cohort.csv``: make the model again from these patients.

As the paper did. Writes a model file and a report (HTML and PDF); --json writes the numbers to
standard output instead. Needs no database.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.evaluation.wording import reason_text
from scoring.management.help_text import describe
from scoring.statistics import (
    NotEstimableError,
    Validation,
    development_as_dict,
    validate,
    validation_as_dict,
)
from scoring.statistics.development import Development
from scoring.study import analysis
from scoring.study.cautions import cautions_as_list
from scoring.study.cohort_file import CohortFile
from scoring.study.development import VARIABLES, develop_from
from scoring.study.development_report import development_html, predictor_name, tables
from scoring.study.model_file import model_as_dict
from scoring.study.text_table import text_table


class Command(BaseCommand):
    """Refit the model on a CSV of patients."""

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """File, screen, name, where to write, bootstrap, JSON."""
        describe(
            parser,
            _(
                "Make the model again from the patients of a CSV file, as the paper did. Writes a "
                "model file and a report (HTML and PDF). Needs no database."
            ),
        )
        analysis.add_cohort_argument(parser)
        parser.add_argument("--json", action="store_true", help=_("all numbers, at full precision"))
        parser.add_argument(
            "--screen",
            action="store_true",
            help=_(
                "only factors with a univariate p below 0.05 enter, as in the paper; without it "
                "all seven do"
            ),
        )
        parser.add_argument("--name", help=_("of the model, default: made from the file's name"))
        parser.add_argument(
            "--output",
            type=Path,
            help=_("folder for model and report, default: the current one; with --json: none"),
        )
        parser.add_argument(
            "--overwrite", action="store_true", help=_("replace files that are there")
        )
        analysis.add_bootstrap_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a file that gives no model."""
        settings = analysis.checked_bootstrap(options)
        path: Path = options["cohort"]
        patients = analysis.read_patients(path, complete_cases=options["complete_cases"])
        name = options["name"] or _("Refit on %(file)s") % {"file": path.name}
        folder: Path | None = options["output"] or (None if options["json"] else Path())
        names = [f"{path.stem}-{end}" for end in ("model.json", "report.html", "report.pdf")]
        overwrite: bool = options["overwrite"]
        files = [] if folder is None else analysis.free_files(folder, names, overwrite=overwrite)
        try:
            made = develop_from(
                patients,
                screen=options["screen"],
                progress=analysis.progress_to(self.stderr),
                **settings,
            )
        except NotEstimableError as error:
            # Absolute T-scores are a reason for it: none of them is below −3.5.
            for line in analysis.caution_lines(patients):
                self.stderr.write(line, style_func=str)
            raise CommandError(_no_model(error)) from None
        judged = validate(made.predictions, resamples=settings["resamples"], seed=settings["seed"])
        judged.not_estimable["recalibration"] = "same_data"
        if files:
            _write(files, made, judged, patients, name)
        with analysis.reader_may_leave():
            if options["json"]:
                analysis.warn(self.stderr, patients)
                self.stdout.write(analysis.as_json(_plain(made, judged, patients, name)))
            else:
                self._print(made, judged, patients, files)

    def _print(
        self, made: Development, judged: Validation, patients: CohortFile, files: list[Path]
    ) -> None:
        for line in analysis.caution_lines(patients):
            self.stdout.write(line)
        for table in tables(made, judged):
            self.stdout.write(table.title)
            for line in text_table([table.header, *table.rows]):
                self.stdout.write(line)
            self.stdout.write("")
        for file in files:
            self.stdout.write(_("Written: %(file)s") % {"file": file})


def _no_model(error: NotEstimableError) -> str:
    words = {"reason": reason_text(error.code)}
    if error.column is None:
        return _("There is no model: %(reason)s.") % words
    words["predictor"] = predictor_name(VARIABLES[error.column].name)
    return _("There is no model: %(reason)s (%(predictor)s).") % words


def _plain(
    made: Development, judged: Validation, patients: CohortFile, name: str
) -> dict[str, Any]:
    return {
        "model": model_as_dict(made, name=name, made_from=patients),
        "cohort": analysis.cohort_as_dict(patients),
        "same_data": True,
        "cautions": cautions_as_list(patients),
        **validation_as_dict(judged, external=False),
        "recalibration": None,
        **development_as_dict(made),
    }


def _write(
    files: list[Path], made: Development, judged: Validation, patients: CohortFile, name: str
) -> None:
    html = development_html(made, judged, patients, name=name)
    model = analysis.as_json(model_as_dict(made, name=name, made_from=patients)) + "\n"
    contents = (model.encode(), html.encode(), analysis.pdf_of(html))
    for file, content in zip(files, contents, strict=True):
        analysis.write_file(file, content)
