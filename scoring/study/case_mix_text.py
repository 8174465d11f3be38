"""The case mix in words: a table, and what to check where it is far from the study."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from scoring.display import number_text, plain, signed_text
from scoring.evaluation.statistic_text import number, percent
from scoring.nomogram.predictor import Measured, Threshold
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics.comparison import Spread
from scoring.study.case_mix import CaseMixRow
from scoring.study.text_table import text_table
from scoring.words.predictors import words_of
from scoring.words.values import unit_text, with_unit


def case_mix_lines(rows: Iterable[CaseMixRow]) -> Iterator[str]:
    """These patients beside the study's training set; "!" marks what a caution is about."""
    yield _("Case mix beside the study's training set (n = %(n)s); “!”: see the cautions") % {
        "n": RONG_2025.outcome.n
    }
    header = [
        _("Mean ± SD, or share"),
        _("These patients"),
        _("Study"),
        _("Standardized difference"),
        _("Ratio of SDs"),
        _("Odds ratio of pain"),
        _("Study (Table 4)"),
    ]
    yield from text_table([header, *(_cells(row) for row in rows)])


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
        return f"{words.short_name}, {unit_text(predictor)}"
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


def mix_caution_text(code: str, row: CaseMixRow) -> str:
    """What differs, by how much, and what to check. Codes: "case_mix", "exchanged", "reversed"."""
    odds = row.odds_ratio
    words = {
        "what": _asked(row),
        "here": _spread_text(row, row.patients),
        "study": _spread_text(row, row.study),
        "difference": _marked(row.difference, noticed=False),
    }
    if code == "exchanged":
        return (
            _(
                "CAUTION: %(what)s in %(here)s of these patients, in %(study)s of the study's "
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
                "CAUTION: where %(what)s, residual back pain has an odds ratio of %(odds)s (95 %% "
                "CI %(low)s to %(high)s) here, of %(odds_study)s in the study. Inverted? Check "
                "whether yes and no are exchanged."
            )
            % words
        )
    if row.low is None or row.high is None:
        return (
            _(
                "CAUTION: %(what)s in %(here)s of these patients, in %(study)s of the study's "
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
            "CAUTION: %(what)s is %(here)s here (%(range)s in every row), %(study)s in the study "
            "(standardized difference %(difference)s, ratio of SDs %(ratio)s). Check: another unit "
            "than %(unit)s, another column, values shifted or filled in?"
        )
        % words
    )


def _asked(row: CaseMixRow) -> str:
    """The column, or what is asked of it: "mvh_restored is yes"."""
    predictor = RONG_2025.by_key.get(row.key)
    if isinstance(predictor, Measured):
        return row.column
    if isinstance(predictor, Threshold):
        limit = signed_text(predictor.below)
        return _("%(column)s is below %(limit)s") % {"column": row.column, "limit": limit}
    return _("%(column)s is yes") % {"column": row.column}
