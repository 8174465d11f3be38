"""Template tags of the assessment form."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from crispy_forms.layout import Layout
from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, Form
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring import queries
from scoring.forms import readings
from scoring.forms.links import ErrorLink
from scoring.models import Assessment, NumberMerge, Outcome, Patient, User
from scoring.models.patient import name_parts
from scoring.report import summary_text
from scoring.web import drafts, earlier, ehr_readings, undo, unfinished
from scoring.web.live import LivePoints
from scoring.words.dates import day_text

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: Context, form: BaseForm, layout: Layout) -> SafeString:
    """A crispy layout of our row templates, without the wrapping of crispy's own tag."""
    return SafeString(layout.render(form, context))


@register.simple_tag
def row_messages(live: LivePoints, names: Sequence[str]) -> str:
    """Errors, cautions and readings under some fields of a predictor's row, by their names."""
    found = live.messages(names)
    return render_to_string("scoring/form/messages.html", {"messages_of": found}) if found else ""


@register.simple_tag
def day_reading(field: BoundField) -> str:
    """How the date in a field was read."""
    return readings.day_reading(field)


@register.simple_tag
def live_day_reading(field: BoundField) -> str:
    """The same while somebody types."""
    return readings.live_day_reading(field)


@register.simple_tag
def earlier_of(patient: Patient) -> list[dict[str, str]]:
    """The latest assessments of a patient, so that none is made twice: address and words."""
    return [
        {
            "address": reverse("assessment-result", args=[one.id]),
            "text": _("%(level)s on %(day)s, %(state)s")
            % {
                "level": one.fracture_level,
                "day": day_text(one.operation_date),
                "state": summary_text.state_label(one.state).lower(),
            },
        }
        for one in queries.assessments_in_use(patient)
    ]


@register.filter
def entries(links: list[ErrorLink]) -> int:
    """How many fields the lines of a summary are about."""
    return sum(link.entries for link in links)


@register.simple_tag(takes_context=True)
def offers_of(context: Context, patient: Patient | None) -> list[earlier.Offers]:
    """Values to be taken over one by one, for each measured predictor.

    Of the patient's latest assessment, and of what was read from a FHIR server for this number.
    """
    reading = ehr_readings.reading_of(context["request"])
    if reading is None:
        return earlier.offers(patient)
    typed = context["patient_form"]["hospital_number"].value()
    number = patient.hospital_number if patient else str(typed or "")
    return earlier.offers(patient, reading.offers_for(number))


@register.simple_tag
def smart_servers(patient: Patient | None = None) -> list[dict[str, str]]:
    """The FHIR servers to read from: name and address, for the patient whose page it is."""
    of_patient = {"patient": str(patient.pk)} if patient else {}
    start = reverse("smart-start")
    return [
        {"name": one.name, "address": f"{start}?{urlencode({'iss': one.issuer} | of_patient)}"}
        for one in settings.SMART_SERVERS
    ]


@register.simple_tag
def death_of(patient: Patient) -> Outcome | None:
    """What says that a patient died; None where nothing does."""
    return queries.death_of(patient)


@register.simple_tag
def merge_of(patient: Patient) -> NumberMerge | None:
    """What merged the patient's hospital number into another one; None where nothing did."""
    return queries.merge_of(patient.hospital_number)


@register.simple_tag
def number_now(merge: NumberMerge) -> str:
    """The number that the patient of a merged number has now, by all merges."""
    return queries.surviving_number(merge.surviving_number)


@register.simple_tag
def undo_of(user: User, record: Assessment | Outcome | None) -> str:
    """Where the user may undo a record; "" where not."""
    return undo.undo_address(user, record)


@register.filter
def typed_name(form: Form) -> tuple[str, str]:
    """The name as it stands in the form so far, in the parts of ``name_parts``."""
    family, given = (form[name].value() or "" for name in ("family_name", "given_name"))
    return name_parts(family, given) if family else ("", given)


@register.simple_tag
def one_time_token() -> UUID:
    """For a form that is made by a template alone."""
    return uuid4()


@register.simple_tag(takes_context=True)
def left_unfinished(context: Context) -> list[unfinished.Unfinished]:
    """What the user has typed into the form of this page before and not saved."""
    request = context["request"]
    return unfinished.unfinished(request) if request.method in {"GET", "HEAD"} else []


@register.simple_tag
def kept_for(user: User, address: str) -> SafeString:
    """A form that is kept where its session ends, for this user, to be filled in at ``address``."""
    mark = drafts.owner_mark(user, address)
    return format_html('<input type="hidden" name="{}" value="{}">', drafts.OWNER_FIELD, mark)
