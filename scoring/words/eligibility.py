"""The criteria of the study population in words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from scoring.nomogram.eligibility import Answer, Criterion
from scoring.words.answers import yes_no
from scoring.words.marks import clauses, labelled, uncapitalized
from scoring.words.types import Words

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
        "Tumor, infection or tuberculosis as cause"
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
    return clauses([*texts[:1], *map(uncapitalized, texts[1:])])


def answered_text(criterion: Criterion, answer: Answer) -> str:
    """What was answered: "Previous spinal surgery", or "A single responsible vertebra: no"."""
    name = str(CRITERION_NAMES[criterion])
    return name if answer is Answer.YES else labelled(name, yes_no(False))
