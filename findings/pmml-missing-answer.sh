#!/usr/bin/env bash
# JPMML-Evaluator 1.7.7 (PyPI jpmml-evaluator 0.16.0) and PMML4S 1.5.8 (PyPI pypmml 1.5.8): a missing
# answer is scored as if it were "no"; a missing number gives no result.
#
# In a RegressionModel the term of a CategoricalPredictor is left out where the value is missing, so
# the patient gets the risk of the reference category: 15 % instead of 57 % here, without a warning.
# A missing number makes the result missing, which hides the trap from whoever tries numbers alone.
# missingValueTreatment="returnInvalid" in each MiningField makes both readers refuse. Needs Java.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check jpmml-evaluator==0.16.0 pypmml==1.5.8
cat >silent.pmml <<'PMML'
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
  <Header/>
  <DataDictionary numberOfFields="3">
    <DataField name="fall" optype="categorical" dataType="string">
      <Value value="no"/><Value value="yes"/>
    </DataField>
    <DataField name="level" optype="continuous" dataType="double"/>
    <DataField name="risk" optype="continuous" dataType="double"/>
  </DataDictionary>
  <RegressionModel functionName="regression" normalizationMethod="logit">
    <MiningSchema>
      <MiningField name="risk" usageType="target"/>
      <MiningField name="fall"/>
      <MiningField name="level"/>
    </MiningSchema>
    <RegressionTable intercept="-3">
      <NumericPredictor name="level" coefficient="0.1"/>
      <CategoricalPredictor name="fall" value="yes" coefficient="2"/>
    </RegressionTable>
  </RegressionModel>
</PMML>
PMML
sed -E 's/(name="(fall|level)")\/>/\1 missingValueTreatment="returnInvalid"\/>/' silent.pmml >strict.pmml
venv/bin/python - <<'PYTHON'
import math

from jpmml_evaluator import JavaError, make_evaluator
from pypmml import Model


def by_jpmml(file, row):
    try:
        return make_evaluator(file).evaluate(dict(row))["risk"]
    except JavaError:
        return None


def by_pmml4s(file, row):
    risk = Model.load(file).predict(dict(row))["predicted_risk"]
    return None if math.isnan(risk) else risk


def risk(logit):
    return 1.0 / (1.0 + math.exp(-logit))


yes, no = risk(-3.0 + 1.28 + 2.0), risk(-3.0 + 1.28)
for read in (by_jpmml, by_pmml4s):
    for file, row, expected in (
        ("silent.pmml", {"fall": "yes", "level": 12.8}, yes),
        ("silent.pmml", {"fall": None, "level": 12.8}, no),
        ("silent.pmml", {"fall": "yes", "level": None}, None),
        ("strict.pmml", {"fall": "yes", "level": 12.8}, yes),
        ("strict.pmml", {"fall": None, "level": 12.8}, None),
        ("strict.pmml", {"fall": "yes", "level": None}, None),
    ):
        found = read(file, row)
        print(read.__name__, file, row, found)
        same = found is expected if None in (found, expected) else abs(found - expected) < 1e-12
        assert same, (read.__name__, file, row, found, expected)
PYTHON
