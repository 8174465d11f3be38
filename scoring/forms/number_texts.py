"""What is wrong with a number that was typed, in words: what was read, allowed, and what to do."""

from decimal import Decimal

from django.utils.translation import gettext as _

from scoring.display import number_text
from scoring.entry.numbers import (
    MOST_DECIMALS,
    NumberUnreadError,
    converted,
    likely_units,
)
from scoring.nomogram.predictor import NumericPredictor
from scoring.words.marks import sentences
from scoring.words.values import measured_text, unsigned_text, whole_text, with_unit


def number_unread_text(
    predictor: NumericPredictor, entered: str, error: NumberUnreadError, *, allowed: str
) -> str:
    """Of something that is no value of the predictor; ``allowed`` is its domain in words."""
    if error.code == "other_unit" and error.read is not None and error.read.unit:
        return _other_unit(predictor, error.read.value, error.read.unit, allowed)
    text = {
        "bound": _(
            "you entered “%(entered)s”; a limit can't be scored. Enter the number itself; "
            "allowed is %(allowed)s."
        ),
        "decimals": _(
            "you entered “%(entered)s”; enter at most %(decimals)s decimals; "
            "allowed is %(allowed)s."
        ),
    }.get(
        error.code,
        _("you entered “%(entered)s”, which is not a number; allowed is %(allowed)s."),
    )
    return text % {"entered": entered, "allowed": allowed, "decimals": MOST_DECIMALS}


def refused_text(
    predictor: NumericPredictor, entered: str, value: Decimal, code: str, *, allowed: str
) -> str:
    """Of a number that can't be scored, by the code of its PredictorError; as it was typed."""
    if value < 0:
        entered = f"−{entered[1:].lstrip()}"
    if entered[-1:].isdecimal():
        entered = with_unit(predictor, entered)
    if code == "not_whole":
        text = _("you entered %(entered)s; enter %(whole)s.")
        return text % {"entered": entered, "whole": whole_text(predictor)}
    text = _("you entered %(entered)s; allowed is %(allowed)s.")
    text %= {"entered": entered, "allowed": allowed}
    if signed := unsigned_text(predictor, float(value)):
        text = sentences(text, _("Is the minus sign missing (%(signed)s)?") % {"signed": signed})
    for unit, other in likely_units(value, predictor):
        looks_like = _("It looks like %(unit)s: %(equation)s.") % {
            "unit": unit,
            "equation": _equation(predictor, value, unit, other),
        }
        text = sentences(text, looks_like)
    return text


def exchanged_text(other_name: str) -> str:
    """What is added where two values would fit in each other's place."""
    return _("Was it exchanged with %(other)s?") % {"other": other_name}


def _other_unit(predictor: NumericPredictor, value: Decimal, unit: str, allowed: str) -> str:
    own = converted(value, unit, predictor)
    if own is None:
        return _(
            "you entered a value in %(unit)s, which can't be converted; "
            "allowed is %(allowed)s. Ask the laboratory."
        ) % {"unit": unit, "allowed": allowed}
    return _("you entered a value in %(unit)s: %(equation)s. Enter it in %(own)s.") % {
        "unit": unit,
        "equation": _equation(predictor, value, unit, own),
        "own": predictor.unit,
    }


def _equation(predictor: NumericPredictor, value: Decimal, unit: str, own: Decimal) -> str:
    return f"{number_text(float(value))}\u00a0{unit} = {measured_text(predictor, float(own))}"
