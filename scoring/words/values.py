"""Values of predictors, their units and their rules in words."""

from django.utils.translation import gettext as _

from scoring.display import number_text, signed_text
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.predictor import Measured, NumericPredictor, Predictor, Threshold, Value
from scoring.words.answers import yes_no
from scoring.words.marks import listed
from scoring.words.predictors import words_of

# A rule breaks between its factors, not within its bracket.
_LESS = "\u00a0−\u00a0"


def answer_text(predictor: Predictor, answer: bool) -> str:
    """Yes or no, in the predictor's own words where it has some: "restored"."""
    answers = words_of(predictor).answers
    return yes_no(answer) if answers is None else str(answers[0] if answer else answers[1])


def unit_text(predictor: NumericPredictor) -> str:
    """The unit as people write it; empty where there is none."""
    return _("years") if predictor.unit == "a" else predictor.unit


def whole_text(predictor: NumericPredictor) -> str:
    """What is asked of a predictor that is scored as a whole number."""
    return _("completed years, such as 80") if predictor.unit == "a" else _("a whole number")


def unsigned_text(predictor: NumericPredictor, value: float) -> str:
    """The value with a minus, where only its size was written; empty if that can't be scored."""
    fits = value > predictor.domain.high and not predictor.refusal_code(-value)
    return number_words(predictor, -value) if fits else ""


def with_unit(predictor: NumericPredictor, text: str) -> str:
    """A number, or a range of numbers, with the unit."""
    unit = unit_text(predictor)
    return f"{text}\u00a0{unit}" if unit else text


def name_with_unit(predictor: Predictor) -> str:
    """The full name, with the unit of a measured value: "Serum chloride (mmol/L)"."""
    name = str(words_of(predictor).full_name)
    if not isinstance(predictor, Measured):
        return name
    return _("%(name)s (%(unit)s)") % {"name": name, "unit": unit_text(predictor)}


def number_words(predictor: NumericPredictor, value: float) -> str:
    """A value without its unit, with its sign where values of both signs are scored."""
    signed = predictor.domain.low < 0.0 < predictor.domain.high
    return signed_text(value) if signed else number_text(value)


def measured_text(predictor: NumericPredictor, value: float) -> str:
    """A value with its unit: "80 years", "T-score" without one: "−2.8"."""
    return with_unit(predictor, number_words(predictor, value))


def brief_text(predictor: Predictor, value: Value) -> str:
    """What the model takes of a value, where there is little room: "80 y", "12.8 fL", "no"."""
    if isinstance(predictor, Measured) and value is not None:
        text = number_text(value)
        if predictor.unit == "a":
            return _("%(age)s\u00a0y") % {"age": text}
        return with_unit(predictor, text)
    if isinstance(predictor, Threshold) and value is not None:
        return yes_no(predictor.is_below(value))
    return yes_no(None if value is None else bool(value))


def value_text(predictor: Predictor, inputs: Inputs) -> str:
    """A predictor's value with its unit."""
    if isinstance(predictor, Threshold):
        return _threshold_text(predictor, inputs.number(predictor.field))
    if isinstance(predictor, Measured):
        return measured_text(predictor, inputs.number(predictor.field))
    return yes_no(inputs.answer(predictor.field))


def _threshold_text(predictor: Threshold, value: float) -> str:
    # A positive one never counts as above, whatever its size: said where it looks as if.
    form = (
        _("%(answer)s (T\u00a0%(t_score)s > %(threshold)s)")
        if value > -predictor.below
        else _("%(answer)s (T\u00a0%(t_score)s)")
    )
    return form % {
        "answer": yes_no(predictor.is_below(value)),
        "t_score": signed_text(value),
        "threshold": signed_text(predictor.below),
    }


def rule_text(predictor: Predictor, inputs: Inputs) -> str:
    """Table 7 with this patient's value put in, so that the sum can be checked by hand."""
    if not isinstance(predictor, Measured):
        return _answers_rule(predictor)
    return _rule(predictor, number_text(inputs.number(predictor.field)), less=_LESS)


def rule_template(predictor: Predictor) -> str:
    """The rule of Table 7 in general."""
    if not isinstance(predictor, Measured):
        return _answers_rule(predictor)
    return _rule(predictor, str(words_of(predictor).quantity), less=" − ")


def _rule(predictor: Measured, value: str, *, less: str) -> str:
    zero = number_text(predictor.zero_at)
    first, last = (zero, value) if predictor.points_per_unit < 0.0 else (value, zero)
    return f"{abs(predictor.points_per_unit)} × ({first}{less}{last})"


def _answers_rule(predictor: Predictor) -> str:
    fewest, most = predictor.axis()
    return listed(
        f"{yes_no(end.value == 1.0)}\u00a0{number_text(end.points)}" for end in (most, fewest)
    )
