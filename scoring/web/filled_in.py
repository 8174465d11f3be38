"""Buttons that fill in the form by the server: "Use 0047110 instead", "use" of a result.

The same form comes back with what the button says, and nothing is judged. Where scripts run, the
second kind does without the server.
"""

import json
from collections.abc import Iterator

from django.http import HttpRequest, QueryDict

from scoring import queries
from scoring.web import earlier, ehr_readings, laboratory_offers

_NUMBER = "use_number"
_RESULT = "use_result"


def is_asked_for(request: HttpRequest) -> bool:
    """Whether such a button was pressed."""
    return request.method == "POST" and not {_NUMBER, _RESULT}.isdisjoint(request.POST)


def taken(request: HttpRequest) -> QueryDict | None:
    """All that was typed, with what the button fills in; None where no such button was pressed."""
    if not is_asked_for(request):
        return None
    typed = request.POST.copy()
    if _NUMBER in typed:
        typed["hospital_number"] = request.POST.get(_NUMBER, "")
    for name, value in _result(request).items():
        typed[name] = value
    return typed


def _result(request: HttpRequest) -> dict[str, str]:
    """What the result of the button fills in; nothing where it is none of this patient's."""
    number = request.POST.get("hospital_number", "")
    for key, fills in _offered(request, number.replace("\x00", "")):
        if fills and key == request.POST.get(_RESULT):
            filled: dict[str, str] = json.loads(fills)
            return filled
    return {}


def _offered(request: HttpRequest, number: str) -> Iterator[tuple[str, str]]:
    """Key and fills of all that is offered for a hospital number, as beside the fields."""
    for sent in laboratory_offers.offers(number):
        yield str(sent.key), sent.fills
    patient, reading = queries.patient_by_number(number), ehr_readings.reading_of(request)
    is_seen = patient is not None and queries.is_seen(patient)
    more = reading.offers_for(number) if reading else []
    for offers in earlier.offers(patient if is_seen else None, more):
        yield from ((one.key, one.fills) for one in offers.each)
