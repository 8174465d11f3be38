"""An assessment with a value that was read from a FHIR server."""

from datetime import date
from decimal import Decimal
from typing import Any

from scoring import actions
from scoring.entry.read_result import ReadResult, ResultOfServer
from scoring.models import Assessment
from tests import cast

BASE = "https://ehr.example/fhir"
# The PDW of the worked example.
RESOURCE = (
    '{"resourceType":"Observation","id":"pdw-7","meta":{"versionId":"3"},"status":"final",'
    '"code":{"coding":[{"system":"http://loinc.org","code":"32207-3"}]},'
    '"effectiveDateTime":"2025-03-11","valueQuantity":{"value":12.80,"unit":"fL"}}'
)


def read(number: str, /, **changes: Any) -> ResultOfServer:
    """The PDW of a hospital number, as the worked example has it."""
    about = {
        name: changes.pop(name) for name in ("server", "base", "birth_date") if name in changes
    }
    result: dict[str, Any] = {
        "field": "pdw_fl",
        "value": Decimal("12.80"),
        "day": date(2025, 3, 11),
        "moment": None,
        "site": "",
        "source": "Sysmex XN",
        "value_text": "12.80",
        "unit": "fL",
        "code": "http://loinc.org|32207-3",
        "status": "final",
        "reference": "Observation/pdw-7",
        "version": "3",
        "resource": RESOURCE,
    }
    whose: dict[str, Any] = {"server": "St Example EHR", "base": BASE, "birth_date": cast.BORN}
    return ResultOfServer(
        hospital_number=number, result=ReadResult(**(result | changes)), **(whose | about)
    )


def of_server(number: str, taken: ResultOfServer | None = None, **entry: Any) -> Assessment:
    """An assessment whose PDW was taken from a FHIR server."""
    made = actions.record_assessment(
        by=cast.alice(),
        patient=cast.person(number),
        entry=cast.worked_example(**entry),
        submission=cast.submission(),
        taken={"pdw_fl": taken or read(number)},
    )
    return Assessment.objects.select_related("patient", "chain").get(pk=made.pk)
