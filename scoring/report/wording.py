"""The words for codes of the core: predictors, values, cautions, eligibility."""

from collections.abc import Iterable
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from scoring.display import number_text, percent_text, signed_text
from scoring.nomogram import Caution, Inputs, Predictor, Scenario
from scoring.nomogram import publication as pub
from scoring.nomogram.eligibility import Answer, Criterion

Words: TypeAlias = str | Promise

PREDICTOR_NAMES: dict[Predictor, Words] = {
    Predictor.AGE: gettext_lazy("Age"),
    Predictor.BMD: gettext_lazy("BMD, |T| > 3.5"),
    Predictor.TRAUMA_HISTORY: gettext_lazy("Trauma history"),
    Predictor.POSTERIOR_FASCIA_EDEMA: gettext_lazy("Posterior fascia edema"),
    Predictor.PDW: gettext_lazy("Platelet distribution width"),
    Predictor.CHLORIDE: gettext_lazy("Serum chloride"),
    Predictor.MVH: gettext_lazy("MVH restored at 24\u00a0h"),
}
SHORT_NAMES: dict[Predictor, Words] = PREDICTOR_NAMES | {
    Predictor.POSTERIOR_FASCIA_EDEMA: gettext_lazy("Fascia edema"),
    Predictor.PDW: gettext_lazy("PDW"),
    Predictor.CHLORIDE: gettext_lazy("Chloride"),
    Predictor.MVH: gettext_lazy("MVH restored"),
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


def bmd_above(t_score: float) -> bool:
    """Whether |T| > 3.5 as the model asks it (Table 7)."""
    return t_score < pub.BMD_T_SCORE_THRESHOLD


def value_text(predictor: Predictor, inputs: Inputs) -> str:
    """A predictor's value with its unit."""
    match predictor:
        case Predictor.AGE:
            return _("%(age)s\u00a0years") % {"age": number_text(inputs.age_years)}
        case Predictor.BMD:
            # A positive one never counts as above, whatever its size: said where it looks as if.
            form = (
                _("%(answer)s (T\u00a0%(t_score)s > −3.5)")
                if inputs.t_score > -pub.BMD_T_SCORE_THRESHOLD
                else _("%(answer)s (T\u00a0%(t_score)s)")
            )
            return form % {
                "answer": yes_no(bmd_above(inputs.t_score)),
                "t_score": signed_text(inputs.t_score),
            }
        case Predictor.TRAUMA_HISTORY:
            return yes_no(inputs.trauma_history)
        case Predictor.POSTERIOR_FASCIA_EDEMA:
            return yes_no(inputs.posterior_fascia_edema)
        case Predictor.PDW:
            return f"{number_text(inputs.pdw_fl)}\u00a0fL"
        case Predictor.CHLORIDE:
            return f"{number_text(inputs.chloride_mmol_l)}\u00a0mmol/L"
        case Predictor.MVH:
            return yes_no(inputs.mvh_restored)


# A rule breaks between its factors, not within its bracket.
_LESS = "\u00a0−\u00a0"
_YES_NO_POINTS = {
    Predictor.BMD: pub.BMD_POINTS,
    Predictor.TRAUMA_HISTORY: pub.TRAUMA_HISTORY_POINTS,
    Predictor.POSTERIOR_FASCIA_EDEMA: pub.POSTERIOR_FASCIA_EDEMA_POINTS,
    Predictor.MVH: pub.MVH_POINTS,
}


def rule_text(predictor: Predictor, inputs: Inputs) -> str:
    """Table 7 with this patient's value put in, so that the sum can be checked by hand."""
    match predictor:
        case Predictor.AGE:
            return (
                f"{pub.AGE_POINTS_PER_YEAR} × ({number_text(pub.AGE_ZERO_POINTS_YEARS)}"
                f"{_LESS}{number_text(inputs.age_years)})"
            )
        case Predictor.PDW:
            return (
                f"{pub.PDW_POINTS_PER_FL} × ({number_text(inputs.pdw_fl)}"
                f"{_LESS}{number_text(pub.PDW_ZERO_POINTS_FL)})"
            )
        case Predictor.CHLORIDE:
            return (
                f"{pub.CHLORIDE_POINTS_PER_MMOL_L} × "
                f"({number_text(pub.CHLORIDE_ZERO_POINTS_MMOL_L)}"
                f"{_LESS}{number_text(inputs.chloride_mmol_l)})"
            )
        case _:
            return _yes_no_rule(predictor)


def rule_template(predictor: Predictor) -> str:
    """The rule of Table 7 in general."""
    match predictor:
        case Predictor.AGE:
            zero = number_text(pub.AGE_ZERO_POINTS_YEARS)
            return _("%(per)s × (%(zero)s − age in years)") % {
                "per": pub.AGE_POINTS_PER_YEAR,
                "zero": zero,
            }
        case Predictor.PDW:
            zero = number_text(pub.PDW_ZERO_POINTS_FL)
            return _("%(per)s × (PDW in fL − %(zero)s)") % {
                "per": pub.PDW_POINTS_PER_FL,
                "zero": zero,
            }
        case Predictor.CHLORIDE:
            zero = number_text(pub.CHLORIDE_ZERO_POINTS_MMOL_L)
            return _("%(per)s × (%(zero)s − chloride in mmol/L)") % {
                "per": pub.CHLORIDE_POINTS_PER_MMOL_L,
                "zero": zero,
            }
        case _:
            return _yes_no_rule(predictor)


def _yes_no_rule(predictor: Predictor) -> str:
    points = _YES_NO_POINTS[predictor]
    parts = [(yes_no(True), points.yes), (yes_no(False), points.no)]
    parts.sort(key=lambda part: -part[1])
    return ", ".join(f"{word}\u00a0{number_text(value)}" for word, value in parts)


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
    cutoff = number_text(round(pub.CUTOFF * 100, 1))
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
