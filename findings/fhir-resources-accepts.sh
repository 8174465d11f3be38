#!/usr/bin/env bash
# fhir.resources 8.3.0 (R4B): what it accepts although R4 forbids it.
#
# It checks elements, how many of each there are, and most formats. It checks no invariant and no
# value set, and it converts: the text "yes" is taken for true. Whoever decides by such a value has
# to look at the JSON.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check fhir.resources==8.3.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from fhir.resources.R4B import get_fhir_model_class

print("fhir.resources", version("fhir.resources"))
RISK = {"resourceType": "RiskAssessment", "status": "final", "subject": {"reference": "Patient/1"}}
SEEN = {"resourceType": "Observation", "status": "final", "code": {"text": "a"}}
FORBIDDEN = {
    "a status that is no code": {**RISK, "status": "bogus"},
    "ras-2, more than 100 %": {**RISK, "prediction": [{"probabilityDecimal": 120}]},
    "null": {**RISK, "method": None},
    "an answer as text": {**SEEN, "valueBoolean": "yes"},
    "a time as number": {**SEEN, "effectiveDateTime": 5},
    "a number as text": {**SEEN, "valueQuantity": {"value": "12.8"}},
    "qty-3, a code without a system": {**SEEN, "valueQuantity": {"value": 1, "code": "fL"}},
    "obs-6, a value and none": {**SEEN, "valueBoolean": True, "dataAbsentReason": {"text": "a"}},
    "contained without a type": {**RISK, "contained": [{"id": "a"}]},
}
for name, resource in FORBIDDEN.items():
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    print("accepted:", name)
try:
    get_fhir_model_class("RiskAssessment").model_validate({**RISK, "contained": [{"resourceType": "Nope"}]})
except KeyError as error:
    print("an unknown type raises KeyError:", error)
else:
    raise SystemExit("an unknown type raises no KeyError")
PYTHON
