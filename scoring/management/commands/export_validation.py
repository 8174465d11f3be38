"""``manage.py export_validation``: what other hospitals may see of these patients.

Counts and rounded sums, none of them of few patients, for pool_validation. Two exports whose
patients differ by few must not both be shared: what one has more tells of those few. From the
site's own record, as the validation page counts it, or from a CSV file, which needs no database.
"""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.evaluation.case_mix import case_mix
from scoring.evaluation.local import aggregate_of, case_mix_of, counts_of
from scoring.evaluation.wording import reason_text
from scoring.management.help_text import describe
from scoring.models import AuditEvent
from scoring.models.typed_text import readable_name
from scoring.nomogram.eligibility import Population
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries import CohortFilter
from scoring.report.validation.case_mix import case_mix_table, record_cautions
from scoring.statistics import DataError, NotEstimableError, Predictions
from scoring.statistics.pooling import Aggregate, aggregate, aggregate_as_dict
from scoring.study import analysis
from scoring.study.text_table import titled_table

_PUBLISHED = f"{RONG_2025.identifier}/{RONG_2025.version}"
_OF_THE_RECORD = ("operated_from", "operated_to", "population", "model_version", "synthetic")


class Command(BaseCommand):
    """Write the aggregate of the site's own patients, or of a CSV of patients."""

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Name of the hospital, where from, which patients, where to write."""
        describe(
            parser,
            _(
                "Write what other hospitals may see of these patients, for pool_validation: counts "
                "and rounded sums, none of few patients. Never share two exports whose patients "
                "differ by few. From the record, as the page Validation counts, or from a CSV "
                "file, without database."
            ),
        )
        parser.add_argument(
            "cohort",
            type=Path,
            nargs="?",
            metavar="cohort.csv",
            help=_("columns as for validate_model; without it the site's own record"),
        )
        analysis.add_complete_cases_argument(parser)
        parser.add_argument("--centre", required=True, help=_("name of the hospital, in the file"))
        analysis.add_model_argument(parser)
        parser.add_argument("--output", type=Path, help=_("default: standard output"))
        record = parser.add_argument_group(_("from the record"))
        record.add_argument("--operated-from", help=_("first day of operation, as 2026-03-14"))
        record.add_argument("--operated-to", help=_("last day of operation"))
        record.add_argument(
            "--population", choices=[one.value for one in Population], help=_("default: anybody")
        )
        record.add_argument(
            "--model-version",
            metavar="IDENTIFIER/VERSION",
            help=_("default: %(model)s") % {"model": _PUBLISHED},
        )
        record.add_argument(
            "--synthetic", action="store_true", help=_("synthetic patients instead of real ones")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for what cannot be shared."""
        centre = options["centre"].strip()
        if not centre:
            raise CommandError(_("--centre is a name."))
        try:
            readable_name(centre)
        except ValidationError as error:
            raise CommandError(f"--centre: {error.messages[0]}") from None
        try:
            if options["cohort"] is None:
                shared, beside = _of_the_record(centre, options)
            else:
                shared, beside = _of_a_file(centre, options)
        except (DataError, NotEstimableError) as error:
            raise CommandError(
                _("Nothing can be shared: %(reason)s.") % {"reason": reason_text(error.code)}
            ) from None
        text = analysis.as_json(aggregate_as_dict(shared))
        # Not into the file: how few patients have a rare value is not for others.
        if options["output"] is None:
            for line in beside:
                self.stderr.write(line, style_func=str)
            with analysis.reader_may_leave():
                self.stdout.write(text)
        else:
            analysis.write_file(options["output"], f"{text}\n".encode())
            with analysis.reader_may_leave():
                for line in beside:
                    self.stdout.write(line)


def _of_a_file(centre: str, options: dict[str, Any]) -> tuple[Aggregate, list[str]]:
    """The aggregate, and what to look at before it is shared: cautions and case mix."""
    for name in _OF_THE_RECORD:
        if options[name]:
            option = f"--{name.replace('_', '-')}"
            raise CommandError(
                _("%(option)s is for the record, not for a file.") % {"option": option}
            )
    patients = analysis.read_patients(options["cohort"], complete_cases=options["complete_cases"])
    model = analysis.read_model(options["model"])
    if model.was_made_from(patients):
        raise NotEstimableError("same_data")
    predictions = Predictions(model.risk(patients.cohort), patients.event)
    shared = aggregate(predictions, centre=centre, model=model.label)
    mix = case_mix(patients.cohort, patients.event)
    return shared, [*analysis.caution_lines(patients), *titled_table(case_mix_table(mix))]


def _of_the_record(centre: str, options: dict[str, Any]) -> tuple[Aggregate, list[str]]:
    """The same; leaves a line in the access log, as the page's button does."""
    if options["complete_cases"]:
        raise CommandError(_("--complete-cases is for a file; the record has no such rows."))
    if options["model"] is not None:
        raise CommandError(_("--model is for a file; for the record say --model-version."))
    # Days are counted as on the validation page.
    queries.ward_settings().activate_time_zone()
    narrowed = _narrowed(options)
    cohort = queries.validation_cohort(narrowed)
    shared = aggregate_of(
        cohort,
        centre=centre,
        model=narrowed.model,
        synthetic=narrowed.synthetic,
    )
    asked = {name: options[name] for name in _OF_THE_RECORD if options[name]}
    actions.log_event(
        by=None,
        action=AuditEvent.Action.VALIDATION_EXPORTED,
        origin=actions.NOWHERE,
        detail={"centre": centre, **asked},
    )
    mix = case_mix_of(cohort)
    cautions = (
        _("CAUTION: %(found)s") % {"found": text}
        for text in record_cautions(counts_of(cohort), mix)
    )
    return shared, [*cautions, *titled_table(case_mix_table(mix))]


def _narrowed(options: dict[str, Any]) -> CohortFilter:
    days = []
    for name in ("operated_from", "operated_to"):
        text = options[name]
        try:
            day = parse_date(text) if text else None
        except ValueError:
            day = None
        if text and day is None:
            raise CommandError(_("%(text)s is no day; write 2026-03-14.") % {"text": text})
        days.append(day)
    identifier, slash, version = (
        options["model_version"] or f"{RONG_2025.identifier}/{RONG_2025.version}"
    ).rpartition("/")
    if not slash:
        raise CommandError(_("Write --model-version as IDENTIFIER/VERSION."))
    population = options["population"]
    return CohortFilter(
        model=(identifier, version),
        operated_from=days[0],
        operated_to=days[1],
        population=Population(population) if population else None,
        synthetic=options["synthetic"],
    )
