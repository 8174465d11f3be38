"""Cautions about a value in words: the value is scored all the same."""

from django.utils.translation import gettext as _

from scoring.display import number_text, signed_text
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import Caution
from scoring.words.marks import spaced
from scoring.words.predictors import words_of
from scoring.words.values import measured_text, number_words, with_unit


def caution_title(model: Nomogram, caution: Caution) -> str:
    """The value a caution is about: "T-score −2.0"."""
    predictor = model.numeric[caution.predictor]
    name = words_of(predictor).caution_name
    return spaced(name, measured_text(predictor, caution.value))


def caution_text(caution: Caution) -> str:
    """Why a caution is given."""
    limit = {"limit": signed_text(caution.high or 0.0)}
    if caution.code == "t_score_above_osteoporosis" and caution.value > 0:
        return _(
            "It is positive: is the minus sign missing? The study's own criterion for osteoporosis "
            "is not met."
        )
    if caution.code == "t_score_above_osteoporosis":
        return (
            _("It is above %(limit)s, so the study's own criterion for osteoporosis is not met.")
            % limit
        )
    if caution.code != "outside_central_95":
        return _("It is above %(limit)s, the study's own limit.") % limit
    return _(
        "It lies outside %(low)s to %(high)s, the central 95\u00a0%% of the study's patients; "
        "the model is less certain there."
    ) % {"low": number_text(caution.low or 0), "high": number_text(caution.high or 0)}


def caution_line(model: Nomogram, caution: Caution) -> str:
    """A caution in one line, for a terminal."""
    predictor = model.numeric[caution.predictor]
    words = {
        "label": words_of(predictor).input_name,
        "value": measured_text(predictor, caution.value),
        "limit": signed_text(caution.high or 0.0),
    }
    if caution.code == "t_score_above_osteoporosis":
        text = _("Caution: %(label)s %(value)s does not meet the study's criterion, T ≤ %(limit)s.")
    elif caution.code != "outside_central_95":
        text = _("Caution: %(label)s %(value)s is above the study's limit, %(limit)s.")
    else:
        low, high = (number_words(predictor, end or 0.0) for end in (caution.low, caution.high))
        ends = _("%(low)s to %(high)s") % {"low": low, "high": high}
        words["range"] = with_unit(predictor, ends)
        text = _(
            "Caution: %(label)s %(value)s, outside the central 95 %% of the study (%(range)s)."
        )
    return text % words
