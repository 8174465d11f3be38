"""The button "Use 0047110 instead": the same form once more, for a patient who is on record."""

from django.http import HttpRequest, QueryDict

FIELD = "use_number"


def is_asked_for(request: HttpRequest) -> bool:
    """Whether such a button was pressed."""
    return request.method == "POST" and FIELD in request.POST


def taken(request: HttpRequest) -> QueryDict | None:
    """All that was typed, with the number of the button; None where no such button was pressed."""
    if not is_asked_for(request):
        return None
    typed = request.POST.copy()
    typed["hospital_number"] = request.POST.get(FIELD, "")
    return typed
