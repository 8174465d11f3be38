"""The numbers of the publication, each with its table: the only place they stand.

Predictors go by their key. Rong Y, Zhu Y, Yin H, et al. Front Surg 2025;12:1625518 (CC BY 4.0).
"""

import math
from typing import NamedTuple

from scoring.nomogram.evidence import (
    Effect,
    Evidence,
    MeanSd,
    PublishedPerformance,
    RocArea,
    StudySet,
    share_sd,
)
from scoring.nomogram.parts import Range, YesNoPoints

CITATION = (
    "Rong Y, Zhu Y, Yin H, et al. Establishment of a risk prediction model for residual back "
    "pain after percutaneous kyphoplasty in osteoporotic vertebral compression fractures. "
    "Front Surg 2025;12:1625518."
)
DOI = "10.3389/fsurg.2025.1625518"
LICENCE = "CC BY 4.0"


# Table 7, points. Age, PDW and chloride: points per unit, and the value that has 0 points.
AGE_POINTS_PER_YEAR = 0.95
AGE_ZERO_POINTS_YEARS = 100.0
BMD_POINTS = YesNoPoints(yes=0.0, no=16.32)
TRAUMA_HISTORY_POINTS = YesNoPoints(yes=19.58, no=0.0)
POSTERIOR_FASCIA_EDEMA_POINTS = YesNoPoints(yes=44.21, no=0.0)
PDW_POINTS_PER_FL = 3.47
PDW_ZERO_POINTS_FL = 6.0
CHLORIDE_POINTS_PER_MMOL_L = 2.55
CHLORIDE_ZERO_POINTS_MMOL_L = 115.0
MVH_POINTS = YesNoPoints(yes=0.0, no=35.68)

# Tables 1 and 7: the BMD predictor is |T| > 3.5 of an osteoporotic spine, that is T < -3.5.
BMD_T_SCORE_THRESHOLD = -3.5
# Section 2.1, diagnostic criteria: osteoporosis in the study is T <= -2.5.
OSTEOPOROSIS_T_SCORE = -2.5

# Domain of the score. An axis starts where its points are 0 (Table 7) and, as a nomogram scales
# its widest axis to 100 points, ends before it would exceed 100. Youngest patient: section 2.1.
AGE_DOMAIN_YEARS = Range(50.0, 100.0)
T_SCORE_DOMAIN = Range(-10.0, 4.0)
PDW_DOMAIN_FL = Range(6.0, 34.8)
CHLORIDE_DOMAIN_MMOL_L = Range(75.8, 115.0)

# Central 95 % of the training cohort: about mean +/- 2 SD (Tables 1 and 2), in whole units.
AGE_CENTRAL_YEARS = Range(54.0, 90.0)
PDW_CENTRAL_FL = Range(8.0, 18.0)
CHLORIDE_CENTRAL_MMOL_L = Range(97.0, 110.0)


class Group(NamedTuple):
    """One outcome group of the training set: size, mean and SD, counts of "yes"."""

    n: int
    age_years: MeanSd
    pdw_fl: MeanSd
    chloride_mmol_l: MeanSd
    abs_t_above_3_5: int
    trauma_history: int
    posterior_fascia_edema: int
    mvh_restored: int


# Table 1 (age, BMD, trauma, fascia edema), Table 2 (PDW, chloride), Table 3 (MVH restored).
PAIN_FREE = Group(
    n=452,
    age_years=MeanSd(72.23, 9.08),
    pdw_fl=MeanSd(12.69, 2.35),
    chloride_mmol_l=MeanSd(104.07, 3.04),
    abs_t_above_3_5=217,
    trauma_history=320,
    posterior_fascia_edema=25,
    mvh_restored=382,
)
PAIN = Group(
    n=117,
    age_years=MeanSd(69.19, 8.56),
    pdw_fl=MeanSd(13.27, 2.61),
    chloride_mmol_l=MeanSd(103.06, 4.28),
    abs_t_above_3_5=34,
    trauma_history=100,
    posterior_fascia_edema=27,
    mvh_restored=66,
)


TRAINING_SET = StudySet(
    n=569,
    male=122,
    female=447,
    age_years=MeanSd(71.76, 9.066),
    age_range_years=Range(50.0, 97.0),
    recruited=("2018-01", "2020-06"),
)
VALIDATION_SET = StudySet(
    n=78,
    male=16,
    female=62,
    age_years=MeanSd(73.04, 10.43),
    age_range_years=Range(51.0, 96.0),
    recruited=("2020-07", "2020-12"),
)

# Sections 2.1 and 3.1: residual back pain is VAS >= 4 at 3 days and at 1 month after PKP.
STUDY_N = TRAINING_SET.n
STUDY_EVENTS = PAIN.n
EVENT_RATE = STUDY_EVENTS / STUDY_N


def _both(one: MeanSd, other: MeanSd) -> MeanSd:
    """Mean and SD of the pain-free and the pain group taken together."""
    n = PAIN_FREE.n + PAIN.n
    mean = (PAIN_FREE.n * one.mean + PAIN.n * other.mean) / n
    squares = sum(
        (group.n - 1) * part.sd**2 + group.n * (part.mean - mean) ** 2
        for group, part in ((PAIN_FREE, one), (PAIN, other))
    )
    return MeanSd(mean, math.sqrt(squares / (n - 1)))


def _share(yes: int) -> MeanSd:
    share = yes / TRAINING_SET.n
    return MeanSd(share, share_sd(share))


# Tables 1 to 3. Only the age is printed for both groups together.
CASE_MIX: dict[str, MeanSd] = {
    "age": TRAINING_SET.age_years,
    "bmd": _share(PAIN_FREE.abs_t_above_3_5 + PAIN.abs_t_above_3_5),
    "trauma_history": _share(PAIN_FREE.trauma_history + PAIN.trauma_history),
    "posterior_fascia_edema": _share(
        PAIN_FREE.posterior_fascia_edema + PAIN.posterior_fascia_edema
    ),
    "pdw": _both(PAIN_FREE.pdw_fl, PAIN.pdw_fl),
    "chloride": _both(PAIN_FREE.chloride_mmol_l, PAIN.chloride_mmol_l),
    "mvh": _share(PAIN_FREE.mvh_restored + PAIN.mvh_restored),
}


# Table 4, the seven significant ones of 15 variables. "0.000" there means p < 0.001.
TABLE_4: dict[str, Effect] = {
    "age": Effect(-0.038, 0.963, 0.007, 0.937, 0.990),
    "bmd": Effect(-0.553, 0.575, 0.035, 0.344, 0.962),
    "trauma_history": Effect(0.797, 2.219, 0.013, 1.182, 4.165),
    "posterior_fascia_edema": Effect(1.804, 6.076, 0.000, 3.079, 11.990),
    "pdw": Effect(0.139, 1.149, 0.003, 1.049, 1.260),
    "chloride": Effect(-0.097, 0.908, 0.004, 0.850, 0.969),
    "mvh": Effect(-1.349, 0.260, 0.000, 0.154, 0.437),
}


# Sections 3.2 to 3.7 and Table 6 (its "specificity" column holds 1 - specificity).
TRAINING = PublishedPerformance(
    auc=0.788,
    cutoff=0.184,
    sensitivity=0.761,
    specificity=0.710,
    hosmer_lemeshow_chi2=6.354,
    hosmer_lemeshow_p=0.608,
    net_benefit_thresholds=(Range(0.063, 0.823),),
)
VALIDATION = PublishedPerformance(
    auc=0.792,
    cutoff=0.379,
    sensitivity=0.647,
    specificity=0.918,
    hosmer_lemeshow_chi2=7.240,
    hosmer_lemeshow_p=0.511,
    net_benefit_thresholds=(Range(0.087, 0.556), Range(0.725, 0.813)),
)
# Both p-values are those of 8 degrees of freedom, ten groups.
HOSMER_LEMESHOW_DF = 8
TRAINING_AUC_CI95 = Range(0.740, 0.836)
TRAINING_BOOTSTRAP_AUC = 0.784
CUTOFF = TRAINING.cutoff
SENSITIVITY = TRAINING.sensitivity
SPECIFICITY = TRAINING.specificity


# Table 6 and section 3.3: each predictor alone.
TABLE_6: dict[str, RocArea] = {
    "age": RocArea(0.600, 0.029, 0.544, 0.656),
    "bmd": RocArea(0.595, 0.029, 0.539, 0.651),
    "trauma_history": RocArea(0.573, 0.028, 0.518, 0.629),
    "posterior_fascia_edema": RocArea(0.588, 0.032, 0.526, 0.650),
    "pdw": RocArea(0.575, 0.029, 0.518, 0.632),
    "chloride": RocArea(0.561, 0.029, 0.504, 0.618),
    "mvh": RocArea(0.641, 0.031, 0.580, 0.701),
}
TABLE_6_COMBINED = RocArea(TRAINING.auc, 0.024, *TRAINING_AUC_CI95)

# The worked example of section 4 as inputs.
WORKED_EXAMPLE: dict[str, float | bool] = {
    "age_years": 80,
    "t_score": -2.0,
    "trauma_history": True,
    "posterior_fascia_edema": True,
    "pdw_fl": 12.8,
    "chloride_mmol_l": 105,
    "mvh_restored": False,
}
# Its total as printed (the PDW points enter rounded to 23.60;
# unrounded the total is 183.886) and its risk, "close to 80%".
WORKED_EXAMPLE_TOTAL_POINTS = 183.89
WORKED_EXAMPLE_RISK = 0.80

EVIDENCE = Evidence(
    effects=TABLE_4,
    case_mix=CASE_MIX,
    areas=TABLE_6,
    training_set=TRAINING_SET,
    validation_set=VALIDATION_SET,
    training=TRAINING,
    validation=VALIDATION,
    training_auc_ci95=TRAINING_AUC_CI95,
    training_bootstrap_auc=TRAINING_BOOTSTRAP_AUC,
    hosmer_lemeshow_df=HOSMER_LEMESHOW_DF,
)
