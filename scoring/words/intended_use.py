"""What the published model is for, what it is not for, and its limits: one text for all pages."""

from django.utils.translation import gettext as _

from scoring.nomogram.rong2025.model import AGE, EVIDENCE
from scoring.words.study import study_numbers


def purpose() -> str:
    """Who uses it, for whom, and what it estimates."""
    return _(
        "For clinicians who treat an osteoporotic vertebral compression fracture by percutaneous "
        "kyphoplasty (PKP). It estimates the risk that the patient still has back pain of "
        "VAS\u00a04 or more at 3 days and at 1 month after the operation."
    )


def role() -> str:
    """What a risk may be used for."""
    return _(
        "It supports clinical judgment and the discussion with the patient. It is a research model "
        "from one hospital. It does not replace judgment and recommends no treatment. Do not give "
        "or withhold treatment because of the number alone."
    )


def not_for() -> list[str]:
    """Patients the model was not made for."""
    return [
        _(
            "patients with more than one responsible vertebra, neurological injury or cord "
            "compression"
        ),
        _("previous spinal surgery, or chronic low back pain before the fracture"),
        _("fractures caused by tumor, infection or tuberculosis; systemic or local infection"),
        _(
            "coagulation dysfunction or systemic disease that rules out surgery; a new vertebral "
            "fracture after the operation"
        ),
        _("vertebroplasty without balloon, or any other procedure; patients under %(age)s")
        % {"age": f"{AGE.domain.low:.0f}"},
    ]


def stated_limits() -> list[str]:
    """Limitations that the authors state, and what the second set of patients is."""
    return [
        _("Retrospective; one center; pain scores taken from charts and follow-up records."),
        _(
            "The second set of %(n)s patients came from the same hospital, in the following half "
            "year. It tests the model over time, not in another hospital."
        )
        % {"n": EVIDENCE.validation_set.n},
    ]


def further_limits() -> list[str]:
    """Limits that follow from what the paper leaves out."""
    return [
        _(
            "The paper shows the step from points to risk only as a picture (Figure 3). It is "
            "reconstructed from the published tables, and so is the confidence interval."
        ),
        _(
            "The cut-off of %(cutoff)s\u00a0%% is a point of the study's ROC curve, not a "
            "threshold for treatment."
        )
        % study_numbers(),
        _(
            "A predictor is not a cause. Older age and lower bone density lower the risk; the "
            "authors suspect harder falls in patients with denser bone."
        ),
        _("The paper gives no unit for PDW; its values fit femtoliters."),
        _("The paper gives no performance in groups of patients, such as by sex or age."),
    ]
