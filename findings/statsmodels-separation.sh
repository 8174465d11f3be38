#!/usr/bin/env bash
# statsmodels 0.15.0: with BFGS or L-BFGS a logistic fit without a maximum says it has converged.
#
# Six of 200 patients have a rare finding, and all six have the outcome: the coefficient has no
# finite estimate. Newton's method says that it failed. BFGS and L-BFGS say converged = True,
# warn of nothing, and give two different coefficients whose standard errors are in the hundreds.
# Whoever reads coefficients only must look at the standard errors, or at the separation itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

import numpy as np
import statsmodels
import statsmodels.api as sm

rng = np.random.default_rng(1)
marker = rng.normal(size=200)
finding = np.zeros(200)
finding[:6] = 1.0
outcome = (rng.random(200) < 1.0 / (1.0 + np.exp(-marker))).astype(int)
outcome[:6] = 1
design = sm.add_constant(np.column_stack([marker, finding]))
print("statsmodels", statsmodels.__version__)
for method, says_converged in (("newton", False), ("bfgs", True), ("lbfgs", True)):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        fit = sm.Logit(outcome, design).fit(method=method, disp=False)
    converged = bool(fit.mle_retvals["converged"])
    print(
        f"{method}: converged {converged}, {len(said)} warnings, "
        f"coefficient {fit.params[2]:.1f}, standard error {fit.bse[2]:.0f}"
    )
    assert converged is says_converged, method
    assert bool(said) is not says_converged, method
    assert fit.bse[2] > 100.0, method
PYTHON
