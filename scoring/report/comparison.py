"""Two assessments of one patient side by side: every value, its points, total and risk."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.models import Assessment
from scoring.report.changes import entry_words, result_words
from scoring.report.sheet import Sheet
from scoring.words.marks import alternatives


@dataclass(frozen=True)
class ComparedValue:
    """One value of both assessments, in words."""

    name: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether the two read differently."""
        return self.first != self.second


def compared_values(first: Assessment, second: Assessment) -> list[ComparedValue]:
    """Everything that was entered, in the order of the form; the patient is the same."""
    return _side_by_side(*({_("Age"): _age(one), **_entered(one)} for one in (first, second)))


def compared_results(first: Assessment, second: Assessment) -> list[ComparedValue]:
    """Points of every predictor, total, risk and its interval."""
    return _side_by_side(_results(Sheet(first)), _results(Sheet(second)))


def _side_by_side(first: Mapping[str, str], second: Mapping[str, str]) -> list[ComparedValue]:
    return [ComparedValue(name, first[name], second[name]) for name in first]


def _age(assessment: Assessment) -> str:
    return _("%(years)s years") % {"years": assessment.age_years}


def _entered(assessment: Assessment) -> dict[str, str]:
    words = entry_words(assessment.entry, assessment.patient)
    del words[_("Patient")], words[_("Age, as stated")]
    return words


def _results(sheet: Sheet) -> dict[str, str]:
    return result_words(sheet) | {
        _("Approximate 95\u00a0% CI"): alternatives(text.ci95 for text in sheet.scenarios),
        _("Study cut-off"): sheet.cutoff_text,
    }
