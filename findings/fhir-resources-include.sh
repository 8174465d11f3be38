#!/usr/bin/env bash
# fhir.resources 8.3.0: include= and exclude= of model_dump() and model_dump_json() do nothing, and
# an assignment that is refused has changed the resource all the same.
#
# Both are arguments of pydantic, which the library's classes come from. Whoever leaves out what a
# reader may not see has to take it out before; whoever tries a value has to make a new resource.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check fhir.resources==8.3.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.patient import Patient

print("fhir.resources", version("fhir.resources"))
patient = Patient(id="p1", birthDate="1945-07-14")
whole = patient.model_dump_json()
print("exclude={'birthDate'} gives", patient.model_dump_json(exclude={"birthDate"}))
assert patient.model_dump_json(exclude={"birthDate"}) == whole
assert patient.model_dump_json(include={"id"}) == whole

observation = Observation(status="final", code={"text": "PDW"}, valueString="12.8")
try:
    observation.valueBoolean = True
except ValueError as error:
    print("refused:", str(error).splitlines()[0])
else:
    raise SystemExit("a second value was taken")
print("valueBoolean is", observation.valueBoolean)
assert observation.valueBoolean is True
PYTHON
