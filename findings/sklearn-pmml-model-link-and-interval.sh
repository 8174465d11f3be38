#!/usr/bin/env bash
# sklearn-pmml-model 1.0.8: a logistic model that PMML calls a regression gives logits for risks, and
# the range of a field is not heeded.
#
# A RegressionModel with functionName="regression" and normalizationMethod="logit" is loaded as a
# linear regression; the link is dropped without a word. The same with functionName="classification"
# gives probabilities. In both, a number outside the field's Interval is scored, though
# invalidValueTreatment="returnInvalid" forbids it. JPMML-Evaluator and PMML4S heed both. Check a
# reader with a case in the middle and with one that must be refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sklearn-pmml-model==1.0.8
cat >regression.pmml <<'PMML'
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
  <Header/>
  <DataDictionary numberOfFields="2">
    <DataField name="level" optype="continuous" dataType="double">
      <Interval closure="closedClosed" leftMargin="6" rightMargin="35"/>
    </DataField>
    <DataField name="pain" optype="continuous" dataType="double"/>
  </DataDictionary>
  <RegressionModel functionName="regression" normalizationMethod="logit">
    <MiningSchema>
      <MiningField name="pain" usageType="target"/>
      <MiningField name="level" invalidValueTreatment="returnInvalid"/>
    </MiningSchema>
    <RegressionTable intercept="-1">
      <NumericPredictor name="level" coefficient="0.1"/>
    </RegressionTable>
  </RegressionModel>
</PMML>
PMML
sed -e 's/functionName="regression"/functionName="classification"/' \
    -e 's/intercept="-1"/& targetCategory="yes"/' \
    -e 's/<\/RegressionTable>/&<RegressionTable intercept="0" targetCategory="no"\/>/' \
    -e 's/name="pain" optype="continuous" dataType="double"\/>/name="pain" optype="categorical" dataType="string"><Value value="no"\/><Value value="yes"\/><\/DataField>/' \
    regression.pmml >classification.pmml
venv/bin/python -W ignore - <<'PYTHON'
import math
from importlib.metadata import version

import pandas
from sklearn_pmml_model.auto_detect import auto_detect_estimator

print("sklearn-pmml-model", version("sklearn-pmml-model"))
rows = pandas.DataFrame({"level": [12.0, 60.0]})
logits = [-1.0 + 1.2, -1.0 + 6.0]
risks = [1.0 / (1.0 + math.exp(-logit)) for logit in logits]
regression = auto_detect_estimator("regression.pmml")
found = regression.predict(rows)
print(type(regression).__name__, found, "logits", logits, "risks", risks)
assert all(abs(a - b) < 1e-12 for a, b in zip(found, logits)), "these are no logits any more"
classification = auto_detect_estimator("classification.pmml")
found = classification.predict_proba(rows)[:, 1]
print(type(classification).__name__, found)
# The second is outside of 6 to 35.
assert all(abs(a - b) < 1e-12 for a, b in zip(found, risks)), "the range is heeded now"
PYTHON
