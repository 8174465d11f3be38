"""What keeps resources from a score, in words: what is wrong, what is allowed, what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from scoring.display import domain_texts
from scoring.fhir.outcome import Issue
from scoring.fhir.sent_observation import Problem, Unusable
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.words.dates import day_text
from scoring.words.predictors import words_of
from scoring.words.types import Words
from scoring.words.values import with_unit

# FHIR's type of the issue, and the words.
_TEXTS: Mapping[Unusable, tuple[str, Words]] = {
    Unusable.NO_PATIENT: ("required", _("There is no Patient. Send one, with the observations.")),
    Unusable.SEVERAL_PATIENTS: (
        "business-rule",
        _("There is more than one Patient. Send the values of one patient at a time."),
    ),
    Unusable.NO_BIRTH_DATE: (
        "required",
        _("The date of birth is missing or not a whole date. The age is counted from it."),
    ),
    Unusable.NO_OPERATION_DATE: (
        "required",
        _(
            "The height is known, and the date of the operation is not. Send the parameter "
            "operationDate."
        ),
    ),
    Unusable.OTHER_PATIENT: (
        "business-rule",
        _("%(name)s: the subject is missing or is not the Patient that was sent."),
    ),
    Unusable.MISSING: ("required", _("%(name)s is missing.")),
    Unusable.STATUS: (
        "business-rule",
        _(
            "%(name)s: the status is %(status)s. Only final, amended and corrected results are "
            "used."
        ),
    ),
    Unusable.OTHER_QUANTITY: (
        "business-rule",
        _("%(name)s: the code names another quantity, which can't be converted."),
    ),
    Unusable.NO_VALUE: ("required", _("%(name)s has no value of the kind that is needed.")),
    Unusable.COMPARATOR: (
        "business-rule",
        _("%(name)s: a value with %(sign)s is a limit, not a result, and can't be used."),
    ),
    Unusable.NO_UNIT: (
        "business-rule",
        _("%(name)s: the unit is missing. The model needs %(needed)s."),
    ),
    Unusable.OTHER_UNIT: (
        "business-rule",
        _("%(name)s: the unit is %(unit)s. The model needs %(needed)s; nothing is converted."),
    ),
    Unusable.OUT_OF_RANGE: (
        "business-rule",
        _("%(name)s: %(value)s can't be scored. Allowed: %(allowed)s."),
    ),
    Unusable.NO_DATE: (
        "required",
        _("%(name)s has no whole date, so that nobody knows how old it is."),
    ),
    Unusable.TOO_OLD: (
        "business-rule",
        _("%(name)s of %(day)s is too old. It may be at most %(days)s days old at the operation."),
    ),
    Unusable.AFTER_OPERATION: (
        "business-rule",
        _("%(name)s is known only from after the operation. The model needs it from before."),
    ),
    Unusable.NOT_IN_WINDOW: (
        "business-rule",
        _(
            "%(name)s of %(day)s does not count. The radiograph is taken %(first)s to %(last)s "
            "days after the operation."
        ),
    ),
    Unusable.SEVERAL_VALUES: (
        "multiple-matches",
        _("%(name)s: results of the same time differ. Send the one to use."),
    ),
}


def problem_text(problem: Problem) -> str:
    """What is wrong, in a sentence or two."""
    _kind, text = _TEXTS[problem.code]
    return str(text) % _told(problem)


def problem_issue(problem: Problem) -> Issue:
    """The same for an OperationOutcome."""
    kind, _text = _TEXTS[problem.code]
    code = problem.code.value.replace("_", "-")
    return Issue(kind, problem_text(problem), code=code, where=problem.where)


def _told(problem: Problem) -> dict[str, Any]:
    told = dict(problem.values)
    if "day" in told:
        told["day"] = day_text(told["day"])
    if problem.predictor is not None:
        told |= _about(problem.predictor)
    return told


def _about(predictor: Predictor) -> dict[str, Any]:
    told: dict[str, Any] = {"name": words_of(predictor).input_name}
    if isinstance(predictor, NumericPredictor):
        low, high = domain_texts(*predictor.domain)
        told["needed"] = predictor.unit or _("a T-score")
        told["allowed"] = with_unit(
            predictor, str(_("%(low)s to %(high)s")) % {"low": low, "high": high}
        )
    return told
