"""What the publication leaves out, reconstructed from its tables: version 2 of the model.

Not the authors' numbers. Whoever changes one changes the version of the model in ``model.py``.
"""

from scoring.nomogram.logistic import Line

# Posterior means, given what the publication says.
LINE = Line(p50_points=155.46, k_points_per_logit=24.55)

# Posterior covariance of the line's intercept (logit) and slope (logit per point).
LINE_COVARIANCE: tuple[tuple[float, float], tuple[float, float]] = (
    (0.012543, -9.945e-5),
    (-9.945e-5, 8.015e-7),
)

# How much more the coefficients vary in samples of 569 patients than their information says.
SMALL_SAMPLE_VARIANCE_FACTOR = 1.06**2

# Lower triangle of the covariance of the coefficients on the logit scale: intercept, age (years),
# |T| > 3.5, trauma history, posterior fascia edema, PDW (fL), chloride (mmol/L), MVH restored. The
# inverse of the Fisher information at this line in the rebuilt cohort (``reconstruction.py``).
COVARIANCE_LOWER: tuple[tuple[float, ...], ...] = (
    (14.114556263881328,),
    (-0.013056111503107364, 0.00017524689549509062),
    (-0.033590313424197285, 4.7993776135292075e-05, 0.06002497979780888),
    (-0.05795672602711366, -6.293131790311598e-05, -0.0007373109241051955, 0.092014116710141),
    (
        0.051383147340186903,
        -0.00019963618770134437,
        -0.0027984172510779858,
        0.003744715337345849,
        0.11484024903411694,
    ),
    (
        -0.025852818764266088,
        -1.574303850255541e-05,
        -0.00022415134846877864,
        0.0002776425976793514,
        0.0008985342518987851,
        0.002395460756738003,
    ),
    (
        -0.12328852357699807,
        9.288144764360626e-06,
        0.00011273875329572577,
        -0.00014630837948872863,
        -0.0006055380412162124,
        -4.3632335757459506e-05,
        0.0011915710179535271,
    ),
    (
        -0.08133407276313079,
        0.00014406149618673695,
        0.0018577959353160345,
        -0.0024582392471947075,
        -0.007423015512777367,
        -0.0006384259988988702,
        0.00038596279972192307,
        0.06292867246121674,
    ),
)
