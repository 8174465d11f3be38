"""The case mix in words: a table, and what to check where it is far from the study."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.display import count_text, number_text, plain, signed_text
from scoring.evaluation.case_mix import CaseMixRow, MixCaution, mix_cautions
from scoring.evaluation.local import Counts
from scoring.evaluation.statistic_text import number, percent
from scoring.nomogram.predictor import Measured, Threshold
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.table import Table
from scoring.statistics.comparison import Spread
from scoring.words.marks import parts
from scoring.words.predictors import words_of
from scoring.words.values import unit_text, with_unit


def case_mix_table(rows: Iterable[CaseMixRow]) -> Table:
    """These patients beside the study's training set; "!" marks what a caution is about."""
    return Table(
        _("Case mix beside the study's training set (n = %(n)s); “!”: see the cautions")
        % {"n": RONG_2025.outcome.n},
        [
            _("Mean ± SD, or share"),
            _("These patients"),
            _("Study"),
            _("Standardized difference"),
            _("Ratio of SDs"),
            _("Odds ratio of pain"),
            _("Study (Table 4)"),
        ],
        [_cells(row) for row in rows],
    )


def _cells(row: CaseMixRow) -> Sequence[str]:
    odds = row.odds_ratio
    return [
        _name(row),
        _spread_text(row, row.patients),
        _spread_text(row, row.study),
        _marked(row.difference, row.mean_is_far),
        "" if row.low is None else _marked(row.sd_ratio, row.sd_is_far),
        "" if odds is None else _marked(odds.value, row.is_reversed),
        "" if row.study_odds_ratio is None else number(row.study_odds_ratio, 2),
    ]


def _name(row: CaseMixRow) -> str:
    predictor = RONG_2025.by_key.get(row.key)
    if predictor is None:
        return _("Residual back pain")
    words = words_of(predictor)
    if isinstance(predictor, Measured):
        return parts(words.short_name, unit_text(predictor))
    # What is compared of a T-score is whether it lies below the threshold.
    return str(words.table_name if isinstance(predictor, Threshold) else words.group_name)


def _marked(value: float | None, noticed: bool) -> str:
    if value is None:
        return "–"
    return f"{number(value, 2)} !" if noticed else number(value, 2)


def _spread_text(row: CaseMixRow, spread: Spread) -> str:
    if row.low is None:
        return percent(spread.mean)
    mean = number(spread.mean, 1)
    return mean if spread.sd is None else f"{mean} ± {number(spread.sd, 1)}"


def record_cautions(counts: Counts, rows: Iterable[CaseMixRow]) -> Iterator[str]:
    """What to look at in the record before its figures are believed: duplicates and case mix."""
    if counts.alike:
        yield ngettext(
            "%(count)s assessment has the day of operation, all predictors and the outcome of "
            "another patient's. Is this the same patient under two hospital numbers?",
            "%(count)s assessments have the day of operation, all predictors and the outcome of "
            "another patient's. Are these the same patients under two hospital numbers?",
            counts.alike,
        ) % {"count": count_text(counts.alike)}
    yield from (mix_caution_text(one) for one in mix_cautions(rows))


def mix_caution_text(caution: MixCaution, *, columns: bool = False) -> str:
    """What differs, by how much, and what to check.

    ``columns``: predictors go by the columns of a file, not by their names.
    """
    code, row = caution
    odds = row.odds_ratio
    words = {
        "what": _column_asked(row) if columns else _name_asked(row),
        "here": _spread_text(row, row.patients),
        "study": _spread_text(row, row.study),
        "difference": _marked(row.difference, noticed=False),
    }
    if code == "exchanged":
        return (
            _(
                "%(what)s in %(here)s of these patients, in %(study)s of the study's "
                "(standardized difference %(difference)s). Inverted? Check whether yes and no are "
                "exchanged."
            )
            % words
        )
    if code == "reversed" and odds is not None:
        low, high = (number(end, 2) for end in odds.ci95)
        words |= {"odds": number(odds.value, 2), "low": low, "high": high}
        words["odds_study"] = number(row.study_odds_ratio or 0.0, 2)
        return (
            _(
                "where %(what)s, residual back pain has an odds ratio of %(odds)s (95 %% "
                "CI %(low)s to %(high)s) here, of %(odds_study)s in the study. Inverted? Check "
                "whether yes and no are exchanged."
            )
            % words
        )
    if row.low is None or row.high is None:
        return (
            _(
                "%(what)s in %(here)s of these patients, in %(study)s of the study's "
                "(standardized difference %(difference)s). Check that it is defined as in the "
                "study."
            )
            % words
        )
    predictor = RONG_2025.numeric[row.column]
    ends = _("%(low)s to %(high)s") % {
        "low": number_text(row.low),
        "high": number_text(row.high),
    }
    words |= {
        "range": plain(with_unit(predictor, ends)),
        "unit": unit_text(predictor),
        "ratio": _marked(row.sd_ratio, noticed=False),
    }
    return (
        _(
            "%(what)s is %(here)s here (all of them %(range)s), %(study)s in the study "
            "(standardized difference %(difference)s, ratio of SDs %(ratio)s). Check: another unit "
            "than %(unit)s, another column, values shifted or filled in?"
        )
        % words
    )


def _column_asked(row: CaseMixRow) -> str:
    """The column, or what is asked of it: "mvh_restored is yes"."""
    predictor = RONG_2025.by_key.get(row.key)
    if isinstance(predictor, Measured):
        return row.column
    if isinstance(predictor, Threshold):
        return _below(row.column, predictor)
    return _("%(column)s is yes") % {"column": row.column}


def _name_asked(row: CaseMixRow) -> str:
    """The same by its name: "“MVH restored” is yes"."""
    predictor = RONG_2025.by_key.get(row.key)
    if isinstance(predictor, Measured):
        return str(words_of(predictor).short_name)
    if isinstance(predictor, Threshold):
        return _below(str(words_of(predictor).input_name), predictor)
    return _("“%(column)s” is yes") % {"column": _name(row)}


def _below(what: str, predictor: Threshold) -> str:
    return _("%(column)s is below %(limit)s") % {
        "column": what,
        "limit": signed_text(predictor.below),
    }
