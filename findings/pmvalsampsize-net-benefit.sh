#!/usr/bin/env bash
# pmvalsampsize 0.2.1 (PyPI): with sensitivity, specificity and threshold, its documented way to ask
# for the size that net benefit needs, it ends in an UnboundLocalError. 0.1.0 answers the same call.
#
# Without these three arguments 0.2.1 gives O/E, slope and C statistic as 0.1.0 does, so whoever only
# tries that sees nothing. Both versions are needed to check all four criteria of Riley et al. 2021.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >ask.py <<'PYTHON'
import sys

from pmvalsampsize.pmvalsampsize import pmvalsampsize

call = {
    "type": "b", "prevalence": 0.2, "cstatistic": 0.8, "lpnormal": (-1.6, 1.0), "noprint": True,
    "oeciwidth": 0.4, "cstatciwidth": 0.1, "csciwidth": 0.4, "simobs": 100_000,
}
at_threshold = {"sensitivity": 0.76, "specificity": 0.71, "threshold": 0.18, "nbciwidth": 0.2}


def sizes(**options):
    rows = pmvalsampsize(**call, **options)["results_table"]
    return {row[0]: int(row[1]) for row in rows if str(row[0]).startswith("Criteria")}


print("without net benefit:", sizes())
try:
    print("with net benefit:", sizes(**at_threshold))
    answered = True
except UnboundLocalError as error:
    print("with net benefit: UnboundLocalError,", error)
    answered = False
sys.exit(answered != (sys.argv[1] == "0.1.0"))
PYTHON
for version in 0.1.0 0.2.1; do
    python3 -m venv "$version"
    "$version"/bin/pip install -q --disable-pip-version-check "pmvalsampsize==$version"
    echo "pmvalsampsize $version"
    "$version"/bin/python ask.py "$version"
done
