"""The words for codes of the core: predictors, values, cautions, eligibility."""

from collections.abc import Iterable
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from scoring.display import number_text, percent_text, signed_text
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.model import Scenario
from scoring.nomogram.predictor import Caution, Measured, Predictor, Threshold

Words: TypeAlias = str | Promise

PREDICTOR_NAMES: dict[str, Words] = {
    "age": gettext_lazy("Age"),
    "bmd": gettext_lazy("BMD, |T| > 3.5"),
    "trauma_history": gettext_lazy("Trauma history"),
    "posterior_fascia_edema": gettext_lazy("Posterior fascia edema"),
    "pdw": gettext_lazy("Platelet distribution width"),
    "chloride": gettext_lazy("Serum chloride"),
    "mvh": gettext_lazy("MVH restored at 24\u00a0h"),
}
SHORT_NAMES: dict[str, Words] = PREDICTOR_NAMES | {
    "posterior_fascia_edema": gettext_lazy("Fascia edema"),
    "pdw": gettext_lazy("PDW"),
    "chloride": gettext_lazy("Chloride"),
    "mvh": gettext_lazy("MVH restored"),
}
CRITERION_NAMES: dict[Criterion, Words] = {
    Criterion.OVCF_TREATED_BY_PKP: gettext_lazy(
        "Osteoporotic compression fracture, treated by PKP"
    ),
    Criterion.SINGLE_VERTEBRA: gettext_lazy("A single responsible vertebra"),
    Criterion.NEUROLOGICAL_INJURY: gettext_lazy("Neurological injury"),
    Criterion.CORD_COMPRESSION: gettext_lazy("Spinal cord compression"),
    Criterion.PREVIOUS_SPINAL_SURGERY: gettext_lazy("Previous spinal surgery"),
    Criterion.CHRONIC_LOW_BACK_PAIN: gettext_lazy("Chronic low back pain before"),
    Criterion.TUMOUR_INFECTION_TUBERCULOSIS: gettext_lazy(
        "Tumour, infection or tuberculosis as cause"
    ),
    Criterion.INFECTION: gettext_lazy("Systemic or local infection"),
    Criterion.COAGULATION_OR_SYSTEMIC_DISEASE: gettext_lazy(
        "Coagulation or systemic disease ruling out surgery"
    ),
    Criterion.NEW_VERTEBRAL_FRACTURE: gettext_lazy("New vertebral fracture after the operation"),
}


def criteria_text(names: Iterable[Words]) -> str:
    """Criteria in one line, small letters after the first."""
    texts = [str(name) for name in names]
    return "; ".join([*texts[:1], *(text[:1].lower() + text[1:] for text in texts[1:])])


def yes_no(value: bool | None) -> str:
    """Yes, no, or not known yet."""
    if value is None:
        return _("not known yet")
    return pgettext("answer", "yes") if value else pgettext("answer", "no")


def answered_text(criterion: Criterion, answer: Answer) -> str:
    """What was answered: "Previous spinal surgery", or "A single responsible vertebra: no"."""
    name = str(CRITERION_NAMES[criterion])
    return name if answer is Answer.YES else f"{name}: {yes_no(False)}"


def value_text(predictor: Predictor, inputs: Inputs) -> str:
    """A predictor's value with its unit."""
    if isinstance(predictor, Threshold):
        return _threshold_text(predictor, inputs.number(predictor.field))
    if not isinstance(predictor, Measured):
        return yes_no(inputs.answer(predictor.field))
    text = number_text(inputs.number(predictor.field))
    if predictor.unit == "a":
        return _("%(age)s\u00a0years") % {"age": text}
    return f"{text}\u00a0{predictor.unit}"


def _threshold_text(predictor: Threshold, value: float) -> str:
    # A positive one never counts as above, whatever its size: said where it looks as if.
    form = (
        _("%(answer)s (T\u00a0%(t_score)s > −3.5)")
        if value > -predictor.below
        else _("%(answer)s (T\u00a0%(t_score)s)")
    )
    return form % {"answer": yes_no(predictor.is_below(value)), "t_score": signed_text(value)}


# A rule breaks between its factors, not within its bracket.
_LESS = "\u00a0−\u00a0"


def rule_text(predictor: Predictor, inputs: Inputs) -> str:
    """Table 7 with this patient's value put in, so that the sum can be checked by hand."""
    if not isinstance(predictor, Measured):
        return _yes_no_rule(predictor)
    zero, value = predictor.zero_at, inputs.number(predictor.field)
    first, less = (zero, value) if predictor.points_per_unit < 0.0 else (value, zero)
    per_unit = abs(predictor.points_per_unit)
    return f"{per_unit} × ({number_text(first)}{_LESS}{number_text(less)})"


def rule_template(predictor: Predictor) -> str:
    """The rule of Table 7 in general."""
    if not isinstance(predictor, Measured):
        return _yes_no_rule(predictor)
    rules = {
        "age": _("%(per)s × (%(zero)s − age in years)"),
        "pdw": _("%(per)s × (PDW in fL − %(zero)s)"),
        "chloride": _("%(per)s × (%(zero)s − chloride in mmol/L)"),
    }
    values = {"per": abs(predictor.points_per_unit), "zero": number_text(predictor.zero_at)}
    return rules[predictor.key] % values


def _yes_no_rule(predictor: Predictor) -> str:
    fewest, most = predictor.axis()
    return ", ".join(
        f"{yes_no(end.value == 1.0)}\u00a0{number_text(end.points)}" for end in (most, fewest)
    )


def caution_title(caution: Caution) -> str:
    """The value a caution is about: "T-score −2.0"."""
    value = caution.value
    return {
        "age_years": lambda: _("Age %(value)s\u00a0years") % {"value": number_text(value)},
        "t_score": lambda: _("T-score %(value)s") % {"value": signed_text(value)},
        "pdw_fl": lambda: _("PDW %(value)s\u00a0fL") % {"value": number_text(value)},
        "chloride_mmol_l": lambda: (
            _("Serum chloride %(value)s\u00a0mmol/L") % {"value": number_text(value)}
        ),
    }[caution.predictor]()


def caution_text(caution: Caution) -> str:
    """Why a caution is given; the value is scored all the same."""
    if caution.code == "t_score_above_osteoporosis" and caution.value > 0:
        return _(
            "It is positive: is the minus sign missing? The study's own criterion for osteoporosis "
            "is not met."
        )
    if caution.code == "t_score_above_osteoporosis":
        return _("It is above −2.5, so the study's own criterion for osteoporosis is not met.")
    return _(
        "It lies outside %(low)s to %(high)s, the central 95\u00a0%% of the study's patients; "
        "the model is less certain there."
    ) % {"low": number_text(caution.low or 0), "high": number_text(caution.high or 0)}


def cutoff_text(scenario: Scenario) -> str:
    """Where a risk stands to the study's ROC cut-off (section 3.6)."""
    cutoff = number_text(round(scenario.cutoff * 100, 1))
    if scenario.at_or_above_cutoff:
        return _("At or above %(cutoff)s\u00a0%%") % {"cutoff": cutoff}
    return _("Below %(cutoff)s\u00a0%%") % {"cutoff": cutoff}


def of_hundred_text(risk: float) -> str:
    """A risk as a natural frequency with the one denominator 100."""
    if risk < 0.01:
        return _("Fewer than 1 of 100 similar patients")
    if risk > 0.99:
        return _("More than 99 of 100 similar patients")
    return _("About %(count)s of 100 similar patients") % {
        "count": percent_text(risk).removesuffix(" %")
    }
