"""Buttons that fill in the form by the server: "Use 0047110 instead", "use" of a result.

The same form comes back with what the button says, and nothing is judged. Where scripts run, the
second kind does without the server.
"""

import json

from django.http import HttpRequest, QueryDict

from scoring.web import laboratory_offers

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
    for name, value in _result(typed).items():
        typed[name] = value
    return typed


def _result(typed: QueryDict) -> dict[str, str]:
    """What the result of the button fills in; nothing where it is none of this patient's."""
    for offer in laboratory_offers.offers(typed.get("hospital_number", "")):
        if offer.fills and str(offer.key) == typed.get(_RESULT):
            filled: dict[str, str] = json.loads(offer.fills)
            return filled
    return {}
