"""In which form an answer of the FHIR server is wanted: JSON, or for a report its PDF."""

from django.http import HttpRequest
from django.http.request import MediaType
from django.utils.translation import gettext as _

from scoring.fhir.resource import MEDIA_TYPE
from scoring.http.problems import Problem

_JSON = {MEDIA_TYPE, "application/json", "application/json+fhir"}
_ANY = {"application/*", "*/*"}
# A report is sent as the resource Binary to those alone that name a format of FHIR.
_OF_FHIR = {MEDIA_TYPE, "application/fhir+xml"}
# The short names that R4 has for _format.
_NAMES = {
    "json": MEDIA_TYPE,
    "xml": "application/fhir+xml",
    "text/xml": "application/fhir+xml",
    "application/json": MEDIA_TYPE,
    "application/xml": "application/fhir+xml",
}
_VERSION = "4.0"
_FORM = "application/x-www-form-urlencoded"


def need_offered(request: HttpRequest, *, is_report: bool) -> None:
    """Raise Problem (406) where none of the formats that are asked for is offered.

    ``is_report``: whoever names no format of FHIR gets the PDF.
    """
    asked = _asked(request)
    if any(_is_json(one) for one in asked):
        return
    if not is_report or any(_name(one) in _OF_FHIR for one in asked):
        said = _("This site sends FHIR as JSON: application/fhir+json.")
        raise Problem(406, "not_acceptable", said)


def names_fhir(request: HttpRequest) -> bool:
    """Whether FHIR's JSON is asked for by its name, and before a PDF."""
    asked = [one for one in _asked(request) if _name(one) in {MEDIA_TYPE, "application/pdf"}]
    return bool(asked) and _name(asked[0]) == MEDIA_TYPE


def _asked(request: HttpRequest) -> list[MediaType]:
    """What ``_format`` says, else ``Accept``, most wanted first; none if it can't be read."""
    sent = request.POST if request.content_type == _FORM else {}
    # Of "+" in an address a blank is left.
    text = str(request.GET.get("_format") or sent.get("_format") or "").strip().replace(" ", "+")
    is_told = request.headers.get("Accept", "").strip()
    try:
        if text:
            return [MediaType(_NAMES.get(text.lower(), text))]
        return request.accepted_types if is_told else [MediaType("*/*")]
    except ValueError:
        return []


def _is_json(asked: MediaType) -> bool:
    """Many add fhirVersion=4.0; of another version there is nothing."""
    version = str(asked.params.get("fhirversion", _VERSION))
    return _name(asked) in _JSON | _ANY and version.startswith(_VERSION)


def _name(asked: MediaType) -> str:
    return f"{asked.main_type}/{asked.sub_type}".lower()
