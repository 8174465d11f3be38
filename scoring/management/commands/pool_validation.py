"""``manage.py pool_validation a.json b.json``: several hospitals as one validation.

From the files of export_validation. Needs no database.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.evaluation.figures import estimate_text, number, p_text, percent, with_interval
from scoring.evaluation.wording import reason_text
from scoring.management import analysis
from scoring.management.text_table import text_table
from scoring.statistics import DataError
from scoring.statistics.pooling import (
    METHOD,
    Aggregate,
    Pooled,
    PooledEstimate,
    aggregate_from,
    pool,
    pooled_as_dict,
)


class Command(BaseCommand):
    """Pool the aggregates of several hospitals."""

    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, JSON."""
        parser.add_argument("files", type=Path, nargs="+", metavar="aggregate.json")
        parser.add_argument("--json", action="store_true", help="all numbers, at full precision")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for files that are none, or don't belong together."""
        try:
            pooled = pool([_read(path) for path in options["files"]])
        except DataError as error:
            raise CommandError(
                _("These files cannot be pooled: %(reason)s.") % {"reason": reason_text(error.code)}
            ) from None
        with analysis.reader_may_leave():
            if options["json"]:
                self.stdout.write(analysis.as_json(pooled_as_dict(pooled)))
            else:
                for line in _text(pooled):
                    self.stdout.write(line)


def _read(path: Path) -> Aggregate:
    try:
        return aggregate_from(json.loads(analysis.read_file(path)))
    except (ValueError, RecursionError):
        raise CommandError(
            f"{path}: " + _("not an aggregate of export_validation, or it contradicts itself.")
        ) from None


def _names() -> dict[str, str]:
    return {
        "auc": _("AUC"),
        "observed_expected": _("Observed / expected"),
        "calibration_in_the_large": _("Calibration in the large"),
        "calibration_slope": _("Calibration slope"),
    }


def _text(pooled: Pooled) -> Iterator[str]:
    yield _("Model: %(model)s") % {"model": pooled.model}
    yield _("%(centres)s hospitals, %(n)s patients, %(events)s with residual back pain") % {
        "centres": len(pooled.centres),
        "n": pooled.n,
        "events": pooled.events,
    }
    yield ""
    yield _("All patients together, exactly")
    low, high = pooled.auc_bounds
    yield from text_table(
        [
            [_("Observed / expected"), estimate_text(pooled.observed_expected)],
            [_("Brier score"), number(pooled.brier)],
            [_("Scaled Brier score"), number(pooled.scaled_brier)],
            [
                _("AUC, between"),
                _("%(low)s and %(high)s") % {"low": number(low), "high": number(high)},
            ],
        ]
    )
    for name, one in pooled.estimates.items():
        yield ""
        yield _("%(statistic)s, random effects (%(method)s)") % {
            "statistic": _names()[name],
            "method": METHOD,
        }
        yield from text_table(list(_rows(one)))
        for centre, code in one.left_out.items():
            yield _("Left out: %(centre)s, because %(reason)s.") % {
                "centre": centre,
                "reason": reason_text(code),
            }
    for name, code in pooled.not_estimable.items():
        yield _("Not pooled: %(name)s, because %(reason)s.") % {
            "name": _names()[name],
            "reason": reason_text(code),
        }


def _rows(one: PooledEstimate) -> Iterator[list[str]]:
    yield [_("Hospital"), _("Estimate (95 % interval)"), _("Weight")]
    for row in one.centres:
        yield [row.centre, with_interval(row.value, row.ci95), percent(row.weight)]
    yield [_("Pooled"), with_interval(one.value, one.ci95), ""]
    if one.prediction:
        low, high = one.prediction
        yield [
            _("Expected in the next hospital"),
            _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)},
            "",
        ]
    yield [
        _("Between hospitals"),
        _("I² %(i2)s, tau² %(tau2)s, Q p %(p)s")
        % {
            "i2": percent(one.effects.i2),
            "tau2": number(one.effects.tau2, 4),
            "p": p_text(one.effects.q_p),
        },
        "",
    ]
