#!/usr/bin/env bash
# fhir.resources 8.3.0: a decimal loses the zeros at its end, and with them its precision.
#
# FHIR says that the precision of a decimal has a meaning: 12.80 is not 12.8. The library reads and
# writes decimals by way of float. Whoever keeps measured values has to keep the JSON itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check fhir.resources==8.3.0
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal
from importlib.metadata import version

from fhir.resources.R4B.quantity import Quantity

print("fhir.resources", version("fhir.resources"))
for sent in ('{"value":12.80}', '{"value":1E+1}'):
    back = Quantity.model_validate_json(sent).model_dump_json()
    print(sent, "comes back as", back)
    assert back != sent
given = Quantity(value=Decimal("12.80")).model_dump_json()
print("Decimal('12.80') leaves as", given)
assert given == '{"value":12.8}'
PYTHON
