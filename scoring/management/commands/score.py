"""``manage.py score``: one patient from the command line, or JSON lines through a pipe.

Needs no database: it is what an installer tries first.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring import display
from scoring.management.text_table import text_table
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.exchange import MAX_LINE_BYTES, score_line
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.model import Result, Scenario
from scoring.nomogram.predictor import Caution, Threshold, Value
from scoring.nomogram.rong2025.model import RONG_2025

OPTIONS = {
    "age_years": "age",
    "t_score": "t-score",
    "trauma_history": "trauma",
    "posterior_fascia_edema": "pfo",
    "pdw_fl": "pdw",
    "chloride_mmol_l": "chloride",
    "mvh_restored": "mvh",
}
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
# argparse takes -2 and -2.0 for values, but -2,0 for an option.
_NEGATIVE_VALUE = re.compile(r"-[\d.,]")


def _number(text: str) -> Decimal | str:
    """A number with a decimal point or comma; any other text stays as it is, to be refused."""
    plain = text.strip().replace(display.MINUS, "-")
    return Decimal(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else text


def _answer(text: str) -> bool | str:
    answers = {"yes": True, "no": False}
    return answers.get(text.strip().lower(), text)


def _checked(field: str, text: str) -> Value:
    predictor = RONG_2025.by_field[field]
    if field in RONG_2025.numeric:
        return predictor.check(_number(text))
    if predictor.may_be_unknown and text.strip().lower() == "unknown":
        return None
    return predictor.check(_answer(text))


def _field_label(field: str) -> str:
    return {
        "age_years": _("Age"),
        "t_score": _("T-score"),
        "trauma_history": _("Trauma history"),
        "posterior_fascia_edema": _("Posterior fascia edema on MRI"),
        "pdw_fl": _("Platelet distribution width"),
        "chloride_mmol_l": _("Serum chloride"),
        "mvh_restored": _("Middle vertebral height restored at 24 h"),
    }[field]


def _with_unit(field: str, text: str) -> str:
    unit = RONG_2025.numeric[field].unit
    unit = _("years") if unit == "a" else unit
    return f"{text} {unit}" if unit else text


def _measured(field: str, value: float) -> str:
    return display.signed_text(value) if field == "t_score" else display.number_text(value)


def _range_text(field: str, low: float, high: float) -> str:
    return _with_unit(
        field,
        _("%(low)s to %(high)s") % {"low": _measured(field, low), "high": _measured(field, high)},
    )


def _refusal_text(error: PredictorError, text: str) -> str:
    """What was given for an option and what is allowed."""
    field = error.predictor
    if error.low is None or error.high is None:
        late = RONG_2025.by_field[field].may_be_unknown
        allowed = _("yes, no or unknown") if late else _("yes or no")
    else:
        allowed = _range_text(field, error.low, error.high)
    words = {"option": OPTIONS[field], "text": text, "allowed": allowed}
    if error.code == "out_of_range":
        return _('--%(option)s: "%(text)s" is outside what can be scored: %(allowed)s.') % words
    if error.code == "not_yes_or_no":
        return _('--%(option)s: "%(text)s" is not an answer; allowed: %(allowed)s.') % words
    return _('--%(option)s: "%(text)s" is not a number; allowed: %(allowed)s.') % words


def _caution_text(caution: Caution) -> str:
    field = caution.predictor
    words = {
        "label": _field_label(field),
        "value": _with_unit(field, _measured(field, caution.value)),
    }
    if caution.low is not None and caution.high is not None:
        words["range"] = _range_text(field, caution.low, caution.high)
        text = _(
            "Caution: %(label)s %(value)s, outside the central 95 %% of the study (%(range)s)."
        )
        return text % words
    words["limit"] = display.signed_text(caution.high or 0.0)
    return (
        _("Caution: %(label)s %(value)s does not meet the study's criterion, T ≤ %(limit)s.")
        % words
    )


def _value_text(inputs: Inputs, field: str) -> str:
    value, predictor = inputs[field], inputs.model.by_field[field]
    if value is None:
        return _("not known yet")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = _with_unit(field, _measured(field, value))
    if not isinstance(predictor, Threshold):
        return text
    answer = _("yes") if predictor.is_below(value) else _("no")
    return f"{answer} (T {text})"


def _breakdown_rows(result: Result) -> Iterator[Sequence[str]]:
    yield _("Predictor"), _("Value"), _("Points")
    for key, points in result.points.items():
        field = result.model.by_key[key].field
        label = _("Bone mineral density, |T| > 3.5") if key == "bmd" else ""
        texts = (
            [display.points_text(points)]
            if points is not None
            else [display.points_text(scenario.points[key]) for scenario in result.scenarios]
        )
        yield label or _field_label(field), _value_text(result.inputs, field), " / ".join(texts)
    totals = [display.points_text(scenario.total_points) for scenario in result.scenarios]
    yield _("Total"), "", " / ".join(totals)


def _risk_rows(result: Result) -> Iterator[Sequence[str]]:
    scenarios = result.scenarios

    def row(label: str, text: Callable[[Scenario], str]) -> Sequence[str]:
        return label, *(text(scenario) for scenario in scenarios)

    if result.provisional:
        yield row(
            _("PROVISIONAL, middle vertebral height:"),
            lambda s: _("if restored") if s.late_answer else _("if not restored"),
        )
    yield row(_("Total points"), lambda s: display.points_text(s.total_points))
    yield row(_("Risk of residual back pain"), lambda s: display.percent_text(s.risk))
    yield row(
        _("Approximate 95 % CI, derived from the published tables"),
        lambda s: display.percent_range_text(*s.ci95),
    )
    yield row(
        _("Band, however the published figure is read"),
        lambda s: display.percent_range_text(*s.band),
    )
    yield row(
        _("The study's cut-off of %(cutoff)s %%")
        % {"cutoff": display.rounded(result.model.cutoff * 100, 1)},
        lambda s: _("at or above") if s.at_or_above_cutoff else _("below"),
    )


def _report(result: Result) -> Iterator[str]:
    yield from text_table(list(_breakdown_rows(result)))
    yield ""
    yield from text_table(list(_risk_rows(result)))
    yield ""
    for caution in result.cautions:
        yield _caution_text(caution)
    yield _("Outcome: VAS ≥ 4 at 3 days and at 1 month; in the study %(events)s of %(n)s.") % {
        "events": result.model.outcome.events,
        "n": result.model.outcome.n,
    }
    yield _("Model: %(name)s (%(identifier)s, version %(version)s)") % {
        "name": result.model.name,
        "identifier": result.model.identifier,
        "version": result.model.version,
    }


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream, one at a time; of one that is too long, its beginning."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        end = line
        while len(end) > MAX_LINE_BYTES and not end.endswith(b"\n"):
            end = stream.readline(MAX_LINE_BYTES + 1)
        yield line


class Command(BaseCommand):
    """Score one patient given by options, or one JSON object a line from standard input."""

    help = (
        "Risk of residual back pain after percutaneous kyphoplasty. Give all seven predictors; "
        "or --json, and on standard input one JSON object a line with age_years, t_score, "
        "trauma_history, posterior_fascia_edema, pdw_fl, chloride_mmol_l and mvh_restored "
        "(null: not known yet). Needs no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One option for each predictor, or --json."""
        parser._negative_number_matcher = _NEGATIVE_VALUE
        parser.add_argument("--age", metavar="YEARS", help="completed years, 50 to 100")
        parser.add_argument("--t-score", metavar="T", help="signed, -10 to +4, for example -2.8")
        parser.add_argument("--trauma", metavar="yes|no", help="trauma history")
        parser.add_argument("--pfo", metavar="yes|no", help="posterior fascia edema on MRI")
        parser.add_argument("--pdw", metavar="FL", help="platelet distribution width, 6 to 34.8 fL")
        parser.add_argument("--chloride", metavar="MMOL_L", help="serum, 75.8 to 115 mmol/L")
        parser.add_argument(
            "--mvh",
            metavar="yes|no|unknown",
            help="middle vertebral height restored on the 24-hour radiograph",
        )
        parser.add_argument(
            "--json", action="store_true", help="read JSON lines from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for options that cannot be scored."""
        texts: dict[str, str | None] = {
            field: options[option.replace("-", "_")] for field, option in OPTIONS.items()
        }
        if not options["json"]:
            self._score_one(texts)
        elif any(text is not None for text in texts.values()):
            raise CommandError(
                _("--json reads the predictors from standard input, not from options.")
            )
        else:
            self._score_lines()

    def _score_one(self, texts: dict[str, str | None]) -> None:
        values: dict[str, Any] = {}
        refusals: list[str] = []
        for field, text in texts.items():
            if text is None:
                refusals.append(_("--%(option)s is missing.") % {"option": OPTIONS[field]})
                continue
            try:
                values[field] = _checked(field, text)
            except PredictorError as error:
                refusals.append(_refusal_text(error, text))
        if refusals:
            raise CommandError("\n".join(refusals))
        result = RONG_2025.assess(values)
        for line in _report(result):
            self.stdout.write(line)

    def _score_lines(self) -> None:
        try:
            for row, line in enumerate(_lines(sys.stdin.buffer), start=1):
                self.stdout.write(json.dumps(score_line(RONG_2025, line, row), allow_nan=False))
                self.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough (``| head``); nothing is left to write to at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
