"""Version 1 of the model (reconstruction 1): for what was assessed with it, and nothing else.

Same points and cut-off as version 2; line, range and interval are these. Its constants are what
``reconstruction.py`` derives.
"""

from dataclasses import replace

from scoring.nomogram.line_uncertainty import BracketingLines
from scoring.nomogram.logistic import Line
from scoring.nomogram.rong2025.model import RONG_2025, full_covariance

# The central curve.
LINE = Line(p50_points=154.59609313508565, k_points_per_logit=24.488005400489964)

# The two curves that were thought to bracket what the publication allows: calibrated to the cohort
# alone, and anchored at the worked example = 80 %.
COHORT_LINE = Line(p50_points=156.07032739002952, k_points_per_logit=25.0)
ANCHORED_LINE = Line(p50_points=149.2326409720027, k_points_per_logit=25.0)

# Lower triangle of the covariance of the coefficients at this line, as in ``reconstructed.py``.
COVARIANCE_LOWER: tuple[tuple[float, ...], ...] = (
    (13.969325162062098,),
    (-0.012920636427614639, 0.00017304515554168395),
    (-0.03377297855836353, 4.895042866356052e-05, 0.05917572676011573),
    (-0.0561684655769697, -6.400331598426315e-05, -0.0007621414066451098, 0.09052579450590029),
    (
        0.05212861160096227,
        -0.00020068242869480314,
        -0.0028327662923098916,
        0.003788412889222145,
        0.11489164547016678,
    ),
    (
        -0.02540729814839534,
        -1.586673393606293e-05,
        -0.0002272853879354636,
        0.0002812181228881482,
        0.0009011869508857553,
        0.0023671419066269993,
    ),
    (
        -0.12202780601295254,
        9.43061361800881e-06,
        0.00011629951631241992,
        -0.0001502746788122242,
        -0.000609833205666562,
        -4.404188143507298e-05,
        0.0011791653542706124,
    ),
    (
        -0.08192860860636536,
        0.00014575553084673323,
        0.0019012675570567556,
        -0.002509001387326946,
        -0.007419657696479504,
        -0.0006440894327147215,
        0.0003926285617965481,
        0.06243650469549118,
    ),
)

RONG_2025_VERSION_1 = replace(
    RONG_2025,
    version="1",
    name="Rong 2025, reconstruction 1",
    line=LINE,
    line_uncertainty=BracketingLines((COHORT_LINE, ANCHORED_LINE)),
    covariance=full_covariance(COVARIANCE_LOWER),
    small_sample_variance_factor=1.0,
)
