"""Who belongs to the study population (inclusion and exclusion criteria, section 2.1).

Inclusion criterion 4 ("meets the diagnostic criteria of RBP") is left out: it cannot hold for
the 452 pain-free patients of the study. Completeness of records is not a patient's property.
"""

from collections.abc import Mapping
from enum import StrEnum


class Criterion(StrEnum):
    """The ten criteria a clinician answers for one patient, in the order of the form."""

    OVCF_TREATED_BY_PKP = "ovcf_treated_by_pkp"
    SINGLE_VERTEBRA = "single_vertebra"
    NEUROLOGICAL_INJURY = "neurological_injury"
    CORD_COMPRESSION = "cord_compression"
    PREVIOUS_SPINAL_SURGERY = "previous_spinal_surgery"
    CHRONIC_LOW_BACK_PAIN = "chronic_low_back_pain"
    TUMOUR_INFECTION_TUBERCULOSIS = "tumour_infection_tuberculosis"
    INFECTION = "infection"
    COAGULATION_OR_SYSTEMIC_DISEASE = "coagulation_or_systemic_disease"
    NEW_VERTEBRAL_FRACTURE = "new_vertebral_fracture"


class Answer(StrEnum):
    """An answer to a criterion; there is no default."""

    YES = "yes"
    NO = "no"
    NOT_ASSESSED = "not_assessed"


class Population(StrEnum):
    """Where the ten answers place a patient."""

    AS_STUDY = "as_study"
    NOT_FULLY_ASSESSED = "not_fully_assessed"
    OUTSIDE = "outside"


PRESENT_IN_STUDY = frozenset({Criterion.OVCF_TREATED_BY_PKP, Criterion.SINGLE_VERTEBRA})


def study_answer(criterion: Criterion) -> Answer:
    """The answer every patient of the study had."""
    return Answer.YES if criterion in PRESENT_IN_STUDY else Answer.NO


def deviations(answers: Mapping[Criterion, Answer]) -> list[Criterion]:
    """The criteria answered otherwise than in the study; each puts a patient outside it."""
    return [
        criterion
        for criterion in Criterion
        if answers[criterion] not in {study_answer(criterion), Answer.NOT_ASSESSED}
    ]


def not_assessed(answers: Mapping[Criterion, Answer]) -> list[Criterion]:
    """The criteria that were not assessed."""
    return [criterion for criterion in Criterion if answers[criterion] is Answer.NOT_ASSESSED]


def population(answers: Mapping[Criterion, Answer]) -> Population:
    """Outside as soon as one answer differs; raises KeyError when a criterion has no answer."""
    if deviations(answers):
        return Population.OUTSIDE
    if not_assessed(answers):
        return Population.NOT_FULLY_ASSESSED
    return Population.AS_STUDY
