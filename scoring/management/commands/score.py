"""``manage.py score``: one patient from the command line, a table, or JSON lines through a pipe.

Needs no database: it is what an installer tries first.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from io import BufferedReader
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scoring import display
from scoring.entry.folding import folded_number
from scoring.management.help_text import describe
from scoring.management.score_file import add_file_arguments, score_file
from scoring.management.score_lines import scored_lines
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.model import Nomogram, Result, Scenario
from scoring.nomogram.predictor import NumericPredictor, Predictor, Threshold, Value
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study import analysis
from scoring.study.cohort_file import NUMBER
from scoring.study.text_table import text_table
from scoring.words.answers import yes_no
from scoring.words.cautions import caution_line
from scoring.words.marks import listed, sentences, uncapitalized
from scoring.words.predictors import words_of
from scoring.words.risk import one_decimal_percent
from scoring.words.values import (
    answer_text,
    measured_text,
    number_words,
    unsigned_text,
    whole_text,
    with_unit,
)

# argparse takes -2 and -2.0 for values, but -2,0 for an option.
_NEGATIVE_VALUE = re.compile(r"-[\d.,]")


def _number(text: str) -> Decimal | str:
    """A number with a decimal point or comma; any other text stays as it is, to be refused."""
    plain = folded_number(text)
    return Decimal(plain.replace(",", ".")) if NUMBER.fullmatch(plain) else text


def _answer(text: str) -> bool | str:
    answers = {"yes": True, "no": False}
    return answers.get(text.strip().lower(), text)


def _checked(predictor: Predictor, text: str) -> Value:
    if isinstance(predictor, NumericPredictor):
        return predictor.check(_number(text))
    if predictor.may_be_unknown and text.strip().lower() == "unknown":
        return None
    return predictor.check(_answer(text))


def _answers(predictor: Predictor) -> tuple[str, ...]:
    return ("yes", "no", "unknown") if predictor.may_be_unknown else ("yes", "no")


def _metavar(predictor: Predictor) -> str:
    """The unit, as the name of the field has it, or the answers."""
    if isinstance(predictor, NumericPredictor):
        unit = predictor.field.removeprefix(f"{predictor.key}_").upper()
        return str(words_of(predictor).symbol or unit)
    return "|".join(_answers(predictor))


def _range_text(predictor: NumericPredictor) -> str:
    low, high = (number_words(predictor, end) for end in predictor.domain)
    ends = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return display.plain(with_unit(predictor, ends))


def _refusal_text(predictor: Predictor, error: PredictorError, text: str) -> str:
    """What was given for an option and what is allowed."""
    if isinstance(predictor, NumericPredictor):
        allowed = _range_text(predictor)
    else:
        # No other language's words: these are what the option takes.
        allowed = (
            _("yes, no or unknown")
            if predictor.may_be_unknown
            else pgettext("on the command line", "yes or no")
        )
    words = {"option": words_of(predictor).option, "text": text, "allowed": allowed}
    signed = ""
    if error.code == "out_of_range" and isinstance(predictor, NumericPredictor):
        signed = unsigned_text(predictor, float(_number(text)))
    if signed:
        words["signed"] = signed
        return _('--%(option)s: "%(text)s" has lost its sign; enter %(signed)s.') % words
    if error.code == "out_of_range":
        return _('--%(option)s: "%(text)s" is outside what can be scored: %(allowed)s.') % words
    if isinstance(predictor, NumericPredictor) and error.code == "not_whole":
        words["whole"] = whole_text(predictor)
        return _('--%(option)s: "%(text)s" has decimals; enter %(whole)s.') % words
    if error.code == "not_yes_or_no":
        return _('--%(option)s: "%(text)s" is not an answer; allowed: %(allowed)s.') % words
    return _('--%(option)s: "%(text)s" is not a number; allowed: %(allowed)s.') % words


def _value_text(predictor: Predictor, value: Value) -> str:
    if isinstance(predictor, NumericPredictor) and value is not None:
        text = display.plain(measured_text(predictor, value))
        if not isinstance(predictor, Threshold):
            return text
        entered = f"{words_of(predictor).symbol} {text}".lstrip()
        return f"{yes_no(predictor.is_below(value))} ({entered})"
    return yes_no(None if value is None else bool(value))


def _breakdown_rows(result: Result) -> Iterator[Sequence[str]]:
    yield _("Predictor"), _("Value"), _("Points")
    for predictor in result.model.predictors:
        key, points = predictor.key, result.points[predictor.key]
        texts = (
            [display.points_text(points)]
            if points is not None
            else [display.points_text(scenario.points[key]) for scenario in result.scenarios]
        )
        yield (
            display.plain(str(words_of(predictor).full_name)),
            _value_text(predictor, result.inputs[predictor.field]),
            " / ".join(texts),
        )
    totals = [display.points_text(scenario.total_points) for scenario in result.scenarios]
    yield _("Total"), "", " / ".join(totals)


def _risk_rows(result: Result) -> Iterator[Sequence[str]]:
    scenarios = result.scenarios

    def row(label: str, text: Callable[[Scenario], str]) -> Sequence[str]:
        return label, *(text(scenario) for scenario in scenarios)

    late = result.model.late
    if late is not None and result.provisional:
        name = str(words_of(late).name)
        yield row(
            _("PROVISIONAL, %(predictor)s:") % {"predictor": uncapitalized(name)},
            lambda s: _("if %(answer)s") % {"answer": answer_text(late, bool(s.late_answer))},
        )
    yield row(_("Total points"), lambda s: display.points_text(s.total_points))
    yield row(_("Risk of residual back pain"), lambda s: display.percent_text(s.risk))
    published = not result.model.line_uncertainty.line_is_known
    yield row(
        _("Approximate 95 % CI, derived from the published tables")
        if published
        else _("95 % confidence interval"),
        lambda s: display.percent_range_text(*s.ci95),
    )
    if published:
        yield row(
            _("Range of the reconstruction"),
            lambda s: display.percent_range_text(*s.band),
        )
    yield row(
        _("The study's cut-off of %(cutoff)s %%")
        % {"cutoff": one_decimal_percent(result.model.cutoff)},
        lambda s: _("at or above") if s.at_or_above_cutoff else _("below"),
    )


def _report(result: Result) -> Iterator[str]:
    yield from text_table(list(_breakdown_rows(result)))
    yield ""
    yield from text_table(list(_risk_rows(result)))
    yield ""
    for caution in result.cautions:
        yield display.plain(caution_line(result.model, caution))
    outcome = (
        _("Outcome: VAS ≥ 4 at 3 days and at 1 month; in the study %(events)s of %(n)s.")
        if not result.model.line_uncertainty.line_is_known
        else _(
            "Outcome: VAS ≥ 4 at 3 days and at 1 month; %(events)s of the %(n)s patients the model "
            "was made from."
        )
    )
    yield outcome % result.model.outcome._asdict()
    yield _("Model: %(name)s (%(identifier)s, version %(version)s)") % {
        "name": result.model.name,
        "identifier": result.model.identifier,
        "version": result.model.version,
    }


def _help(model: Nomogram) -> str:
    whole = _(
        "Risk of residual back pain after percutaneous kyphoplasty. Give all predictors; or "
        "--json, and on standard input one JSON object a line with %(fields)s; or a table with "
        "these columns. Needs no database."
    ) % {"fields": listed(model.fields)}
    if model.late is None:
        return whole
    return sentences(
        whole, _("%(field)s may be null: not known yet.") % {"field": model.late.field}
    )


class Command(BaseCommand):
    """Score one patient given by options, a table, or JSON objects from standard input."""

    requires_system_checks = []
    # Whose predictors the options are.
    model = RONG_2025

    def run_from_argv(self, argv: list[str]) -> None:
        """Run with the options of the model that --model names."""
        first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
        analysis.add_model_argument(first)
        named, _others = first.parse_known_args(argv[2:])
        try:
            self.model = analysis.read_nomogram(named.model)
        except CommandError as error:
            # As Django ends where a command raises it.
            self.stderr.write(f"CommandError: {error}")
            sys.exit(error.returncode)
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        """One option for each predictor, or a table, or --json."""
        describe(parser, _help(self.model))
        parser._negative_number_matcher = _NEGATIVE_VALUE
        for predictor in self.model.predictors:
            words = words_of(predictor)
            parser.add_argument(
                f"--{words.option}",
                dest=predictor.field,
                metavar=_metavar(predictor),
                help=str(words.help or words.full_name).replace(display.MINUS, "-"),
            )
        parser.add_argument(
            "--json", action="store_true", help=_("read JSON lines from standard input")
        )
        add_file_arguments(parser)
        analysis.add_model_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for options that cannot be scored."""
        model = self.model if options["model"] is None else analysis.read_nomogram(options["model"])
        texts: dict[str, str | None] = {field: options.get(field) for field in model.fields}
        one_patient = any(text is not None for text in texts.values())
        if one_patient and options["table"] is not None:
            raise CommandError(_("Give a table, or the predictors of one patient as options."))
        if one_patient and options["json"]:
            raise CommandError(
                _("--json reads the predictors from standard input, not from options.")
            )
        if options["table"] is not None:
            names = ("output", "errors", "sheet", "overwrite")
            wanted = {name: options[name] for name in names}
            for line in score_file(options["table"], model, **wanted):
                self.stdout.write(line)
        elif options["json"]:
            self._score_lines(model)
        else:
            self._score_one(model, texts)

    def _score_one(self, model: Nomogram, texts: dict[str, str | None]) -> None:
        values: dict[str, Any] = {}
        refusals: list[str] = []
        for field, text in texts.items():
            predictor = model.by_field[field]
            if text is None:
                words = {"option": words_of(predictor).option}
                refusals.append(_("--%(option)s is missing.") % words)
                continue
            try:
                values[field] = _checked(predictor, text)
            except PredictorError as error:
                refusals.append(_refusal_text(predictor, error, text))
        if refusals:
            raise CommandError("\n".join(refusals))
        for line in _report(model.assess(values)):
            self.stdout.write(line)

    def _score_lines(self, model: Nomogram) -> None:
        with analysis.reader_may_leave():
            for answers in scored_lines(cast(BufferedReader, sys.stdin.buffer), model):
                self.stdout.write(answers)
                self.stdout.flush()
