"""The published model as a value: ``RONG_2025``, the version that new assessments use."""

import numpy as np

from scoring.nomogram.eligibility import Criterion, study_answer
from scoring.nomogram.evidence import Citation, OutcomeRate
from scoring.nomogram.line_uncertainty import LineCovariance
from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.model import Nomogram
from scoring.nomogram.parts import OtherUnit, Provenance, StudyLimit, Timing, UnknownAs
from scoring.nomogram.predictor import Measured, Predictor, Threshold, YesNo
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025 import reconstructed


def full_covariance(lower: tuple[tuple[float, ...], ...]) -> FloatArray:
    """The symmetric matrix with this lower triangle."""
    size = len(lower)
    triangle = np.zeros((size, size))
    triangle[np.tril_indices(size)] = np.concatenate(lower)
    full: FloatArray = triangle + np.tril(triangle, -1).T
    return full


def _line_covariance() -> LineCovariance:
    (intercept, covariance), (_same, slope) = reconstructed.LINE_COVARIANCE
    return LineCovariance(intercept, covariance, slope)


AGE = Measured(
    key="age",
    field="age_years",
    unit="a",
    domain=paper.AGE_DOMAIN_YEARS,
    decimals=0,
    # As the form counts it from the date of birth.
    whole=True,
    central=paper.AGE_CENTRAL_YEARS,
    points_per_unit=-paper.AGE_POINTS_PER_YEAR,
    zero_at=paper.AGE_ZERO_POINTS_YEARS,
    tick_every=10,
    minor_tick_every=5,
)
BMD = Threshold(
    key="bmd",
    field="t_score",
    unit="",
    domain=paper.T_SCORE_DOMAIN,
    decimals=1,
    below=paper.BMD_T_SCORE_THRESHOLD,
    answer_points=paper.BMD_POINTS,
    study_limit=StudyLimit(paper.OSTEOPOROSIS_T_SCORE, "t_score_above_osteoporosis"),
    provenance=Provenance(date_field="dxa_date", quantity="t_score", site_field="dxa_site"),
)
TRAUMA_HISTORY = YesNo(
    key="trauma_history",
    field="trauma_history",
    answer_points=paper.TRAUMA_HISTORY_POINTS,
    provenance=Provenance(date_field="trauma_history_date", timing=Timing.ANY),
)
POSTERIOR_FASCIA_EDEMA = YesNo(
    key="posterior_fascia_edema",
    field="posterior_fascia_edema",
    answer_points=paper.POSTERIOR_FASCIA_EDEMA_POINTS,
    provenance=Provenance(date_field="mri_date"),
)
PDW = Measured(
    key="pdw",
    field="pdw_fl",
    unit="fL",
    domain=paper.PDW_DOMAIN_FL,
    decimals=1,
    central=paper.PDW_CENTRAL_FL,
    points_per_unit=paper.PDW_POINTS_PER_FL,
    zero_at=paper.PDW_ZERO_POINTS_FL,
    tick_every=2,
    minor_tick_every=1,
    other_units=(OtherUnit("%", None),),
    # Laboratories report per cent and GSD, too: overlapping numbers that mean something else.
    provenance=Provenance(date_field="pdw_date", quantity="pdw", unit_field="pdw_unit"),
)
CHLORIDE = Measured(
    key="chloride",
    field="chloride_mmol_l",
    unit="mmol/L",
    domain=paper.CHLORIDE_DOMAIN_MMOL_L,
    decimals=1,
    central=paper.CHLORIDE_CENTRAL_MMOL_L,
    points_per_unit=-paper.CHLORIDE_POINTS_PER_MMOL_L,
    zero_at=paper.CHLORIDE_ZERO_POINTS_MMOL_L,
    tick_every=5,
    minor_tick_every=1,
    # One charge an ion; and the atomic weight of chlorine, 35.45 (IUPAC 2021, abridged).
    equal_units=("meq/L",),
    other_units=(OtherUnit("mg/dL", 3.545),),
    provenance=Provenance(date_field="chloride_date", quantity="chloride"),
)
# The 24-hour radiograph, which may not be in yet.
MVH = YesNo(
    key="mvh",
    field="mvh_restored",
    answer_points=paper.MVH_POINTS,
    unknown_as=UnknownAs(yes="restored", no="not_restored"),
    provenance=Provenance(date_field="radiograph_date", timing=Timing.AFTER),
)
# In the order of Table 7.
PREDICTORS: tuple[Predictor, ...] = (
    AGE,
    BMD,
    TRAUMA_HISTORY,
    POSTERIOR_FASCIA_EDEMA,
    PDW,
    CHLORIDE,
    MVH,
)

# Under a name of its own, as a model may have none.
EVIDENCE = paper.EVIDENCE

RONG_2025 = Nomogram(
    identifier="rong-2025",
    version="2",
    name="Rong 2025, reconstruction 2",
    predictors=PREDICTORS,
    line=reconstructed.LINE,
    line_uncertainty=_line_covariance(),
    covariance=full_covariance(reconstructed.COVARIANCE_LOWER),
    small_sample_variance_factor=reconstructed.SMALL_SAMPLE_VARIANCE_FACTOR,
    cutoff=paper.CUTOFF,
    outcome=OutcomeRate(n=paper.STUDY_N, events=paper.STUDY_EVENTS),
    eligibility={criterion: study_answer(criterion) for criterion in Criterion},
    citation=Citation(paper.CITATION, paper.DOI),
    evidence=EVIDENCE,
)
