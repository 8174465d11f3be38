"""The words for predictors: labels, units, values, sources, rules.

A predictor without a row in the table goes by its key, so that any nomogram can be shown.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.display import domain_texts, number_text, signed_text
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.predictor import Measured, NumericPredictor, Predictor, Threshold, Value
from scoring.nomogram.rong2025.model import AGE, BMD, CHLORIDE, PDW
from scoring.words.answers import yes_no
from scoring.words.types import Words

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

# A rule breaks between its factors, not within its bracket.
_LESS = "\u00a0−\u00a0"


@dataclass(frozen=True, kw_only=True)
class PredictorWords:
    """What is said of one predictor. What is empty in the table follows from the rest.

    ``name`` stands beside its axis, with ``detail`` under it, and as the label of its field where
    ``field_label`` is empty; ``full_name`` says both. ``input_name`` is what is typed where that is
    not what the model asks, ``table_name`` and ``short_name`` what tables and narrow panels have
    room for, ``caution_name`` what a caution begins with, ``quantity`` the value in a rule, small.
    ``answers``: yes and no where the predictor has words of its own for them. ``source`` is where
    the value comes from, ``awaited`` says that it is not there yet. ``symbol``
    stands before a value whose answer is given. ``option`` and ``help`` are those of the command
    line.
    """

    name: Words
    detail: Words = ""
    full_name: Words = ""
    input_name: Words = ""
    table_name: Words = ""
    short_name: Words = ""
    caution_name: Words = ""
    field_label: Words = ""
    quantity: Words = ""
    answers: tuple[Words, Words] | None = None
    source: Words = ""
    awaited: Words = ""
    symbol: str = ""
    option: str = ""
    help: Words = ""


def _limit(predictor: Threshold, text: "StrOrPromise") -> Words:
    """A text with the threshold, which the paper writes without its sign."""
    return format_lazy(text, limit=number_text(abs(predictor.below)))


def _within(predictor: NumericPredictor, text: "StrOrPromise") -> Words:
    """A text with both ends of what can be scored."""
    low, high = domain_texts(*predictor.domain)
    return format_lazy(text, low=low, high=high)


_WORDS: dict[str, PredictorWords] = {
    "age": PredictorWords(
        name=gettext_lazy("Age"),
        quantity=gettext_lazy("age in years"),
        help=_within(AGE, gettext_lazy("completed years, {low} to {high}")),
    ),
    "bmd": PredictorWords(
        name=gettext_lazy("Bone mineral density"),
        detail=_limit(BMD, gettext_lazy("|T| > {limit}")),
        full_name=_limit(BMD, gettext_lazy("Bone mineral density, |T| > {limit}")),
        input_name=gettext_lazy("T-score"),
        table_name=_limit(BMD, gettext_lazy("BMD, |T| > {limit}")),
        caution_name=gettext_lazy("T-score"),
        field_label=gettext_lazy("T-score (DXA)"),
        source=gettext_lazy("DXA"),
        option="t-score",
        symbol="T",
        help=_within(BMD, gettext_lazy("signed, {low} to {high}, for example -2.8")),
    ),
    "trauma_history": PredictorWords(
        name=gettext_lazy("Trauma history"),
        source=gettext_lazy("history"),
        option="trauma",
        help=gettext_lazy("trauma history"),
    ),
    "posterior_fascia_edema": PredictorWords(
        name=gettext_lazy("Posterior fascia edema"),
        detail=gettext_lazy("on MRI"),
        full_name=gettext_lazy("Posterior fascia edema on MRI"),
        short_name=gettext_lazy("Fascia edema"),
        source=gettext_lazy("MRI"),
        option="pfo",
        help=gettext_lazy("posterior fascia edema on MRI"),
    ),
    "pdw": PredictorWords(
        name=gettext_lazy("Platelet distribution width"),
        short_name=gettext_lazy("PDW"),
        caution_name=gettext_lazy("PDW"),
        quantity=gettext_lazy("PDW in fL"),
        source=gettext_lazy("laboratory"),
        help=_within(PDW, gettext_lazy("platelet distribution width, {low} to {high} fL")),
    ),
    "chloride": PredictorWords(
        name=gettext_lazy("Serum chloride"),
        short_name=gettext_lazy("Chloride"),
        quantity=gettext_lazy("chloride in mmol/L"),
        source=gettext_lazy("laboratory"),
        help=_within(CHLORIDE, gettext_lazy("serum, {low} to {high} mmol/L")),
    ),
    "mvh": PredictorWords(
        name=gettext_lazy("Middle vertebral height"),
        detail=gettext_lazy("restored at 24\u00a0h"),
        full_name=gettext_lazy("Middle vertebral height restored at 24\u00a0h"),
        table_name=gettext_lazy("MVH restored at 24\u00a0h"),
        short_name=gettext_lazy("MVH restored"),
        answers=(gettext_lazy("restored"), gettext_lazy("not restored")),
        source=gettext_lazy("radiograph"),
        awaited=gettext_lazy("radiograph awaited"),
        help=gettext_lazy("middle vertebral height restored on the 24-hour radiograph"),
    ),
}


def _first(*texts: Words) -> Words:
    """The first text that is not empty; a lazy one is never empty, and is not translated yet."""
    return next(text for text in texts if isinstance(text, Promise) or text)


def _complete(key: str, words: PredictorWords) -> PredictorWords:
    full_name = _first(words.full_name, words.name)
    table_name = _first(words.table_name, words.name)
    input_name = _first(words.input_name, full_name)
    return replace(
        words,
        full_name=full_name,
        input_name=input_name,
        table_name=table_name,
        short_name=_first(words.short_name, table_name),
        caution_name=_first(words.caution_name, input_name),
        field_label=_first(words.field_label, words.name),
        quantity=_first(words.quantity, words.name),
        option=words.option or key.replace("_", "-"),
    )


_COMPLETE = {key: _complete(key, words) for key, words in _WORDS.items()}


def words_of(predictor: Predictor) -> PredictorWords:
    """The words for a predictor; without a row in the table its key."""
    key = predictor.key
    if key in _COMPLETE:
        return _COMPLETE[key]
    detail = (
        f"< {measured_text(predictor, predictor.below)}" if isinstance(predictor, Threshold) else ""
    )
    return _complete(key, PredictorWords(name=key.replace("_", " ").capitalize(), detail=detail))


def answer_text(predictor: Predictor, answer: bool) -> str:
    """Yes or no, in the predictor's own words where it has some: "restored"."""
    answers = words_of(predictor).answers
    return yes_no(answer) if answers is None else str(answers[0] if answer else answers[1])


def unit_text(predictor: NumericPredictor) -> str:
    """The unit as people write it; empty where there is none."""
    return _("years") if predictor.unit == "a" else predictor.unit


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
    return ", ".join(
        f"{yes_no(end.value == 1.0)}\u00a0{number_text(end.points)}" for end in (most, fewest)
    )
