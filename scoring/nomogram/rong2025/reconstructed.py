"""What the publication leaves out, reconstructed from its tables: version 2 of the model.

Not the authors' numbers. Whoever changes one changes the version of the model in ``model.py``.
"""

from scoring.nomogram.logistic import Line

# Posterior means, given what the publication says, as ``script/reconstruct line`` prints them.
# Monte Carlo standard errors: P50 0.010, K 0.007.
LINE = Line(p50_points=155.4891, k_points_per_logit=24.5749)

# Posterior covariance of the line's intercept (logit) and slope (logit per point), of the same run.
# Monte Carlo standard errors of its three numbers: 0.00012, 9.6e-7, 7.5e-9.
LINE_COVARIANCE: tuple[tuple[float, float], tuple[float, float]] = (
    (0.0130138, -0.000103247),
    (-0.000103247, 8.31805e-07),
)

# How much more the coefficients vary between studies of 569 patients than a study's tables say:
# 1.050, Monte Carlo standard error 0.005 (``script/reconstruct coverage``).
SMALL_SAMPLE_VARIANCE_FACTOR = 1.05

# Lower triangle of the covariance of the coefficients on the logit scale: intercept, age (years),
# |T| > 3.5, trauma history, posterior fascia edema, PDW (fL), chloride (mmol/L), MVH restored. The
# inverse of the Fisher information at this line in the rebuilt cohort (``reconstruction.py``).
COVARIANCE_LOWER: tuple[tuple[float, ...], ...] = (
    (14.10806217235071,),
    (-0.013047193557569389, 0.00017516494714097872),
    (-0.033514134791432844, 4.776196951497887e-05, 0.05999641306442437),
    (-0.0579933349886695, -6.265871509237458e-05, -0.0007329530032253291, 0.09195834031428439),
    (
        0.0511554493324059,
        -0.0001988963010248422,
        -0.0027856710718678654,
        0.0037290821842108205,
        0.11478257151081132,
    ),
    (
        -0.025857055245415206,
        -1.5690023059634857e-05,
        -0.00022327735290553975,
        0.00027661773585204255,
        0.0008957434834280389,
        0.0023943594329431392,
    ),
    (
        -0.12323162068951776,
        9.250285670618506e-06,
        0.00011212374521076965,
        -0.00014558896577724885,
        -0.000603482346731267,
        -4.348599979002378e-05,
        0.00119102754663286,
    ),
    (
        -0.0811587159217686,
        0.00014348033888575114,
        0.001848175650761973,
        -0.0024470465285388035,
        -0.007396640726809747,
        -0.0006362561895749677,
        0.0003844026548016456,
        0.06290454590209589,
    ),
)
