"""Dates read back while they are typed, on pages without points that follow the form."""

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_POST

from scoring.forms.readings import OneDay, live_day_reading
from scoring.models import Right
from scoring.web.gate import needs


@require_POST
@needs(Right.ASSESS)
def day_read(request: HttpRequest) -> HttpResponse:
    """How the date in the field of this name is read, or why it is not."""
    sent = request.POST
    field = sent.get("field", "")
    form = OneDay(
        {"field": field, "day": sent.get(field, ""), "operated_on": sent.get("operated_on")}
    )
    return HttpResponse(escape(live_day_reading(form["day"])))
