"""SMART App Launch: opened from a hospital's FHIR server, or reading from one on request.

``smart_launch`` is where the server sends the browser, ``smart_start`` leads it to the server's
sign-in, and ``smart_callback`` reads the chart and opens the form of a new assessment. The token
lives for one request; the secrets of a launch stay in the session, on the server.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET

from scoring import queries
from scoring.entry.characters import visible
from scoring.fhir.chart import codes
from scoring.http.actor import log
from scoring.http.slots import outside_the_database
from scoring.models import AuditEvent, Patient, Right
from scoring.smart.authorization import Request, address_of, begun, error_code, granted
from scoring.smart.discovery import discovered
from scoring.smart.fetching import Fetcher
from scoring.smart.reading import Chart, read
from scoring.smart.servers import Server
from scoring.smart.trouble import SmartError, Trouble
from scoring.web import ehr_readings
from scoring.web.ehr import FIELD
from scoring.web.ehr_chart import reading_from
from scoring.web.gate import needs, public
from scoring.words.smart import trouble_text

Action = AuditEvent.Action
_SESSION_KEY = "smart_requests"
# Launches that wait for their answer, and for how many seconds.
_MOST, _LAST = 5, 600
_FRAMES = {"iframe", "frame", "embed", "object", "fencedframe"}
# So many requests may wait for servers that hang; the other threads stay with the ward's pages.
_places = threading.BoundedSemaphore(1 + settings.THREADS // 4)


@require_GET
@public
def smart_launch(request: HttpRequest) -> HttpResponse:
    """Where a server sends the browser. Inside a frame the session would be missing."""
    _check_set_up()
    if request.headers.get("Sec-Fetch-Dest") in _FRAMES:
        return _framed(request)  # type: ignore[return-value]  # the decorators lose the type
    asked = {name: request.GET.get(name, "") for name in ("iss", "launch")}
    return redirect(f"{reverse('smart-start')}?{urlencode(asked)}")


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def _framed(request: HttpRequest) -> HttpResponse:
    """A page that says so and leads out of the frame. It shows nothing about anybody."""
    server = _server(request.GET.get("iss", ""))
    trouble = Trouble.UNKNOWN_SERVER if server is None else Trouble.FRAMED
    context = {"said": trouble_text(trouble), "is_known": server is not None}
    return render(request, "scoring/smart_framed.html", context)


@require_GET
@public
def smart_keys(request: HttpRequest) -> HttpResponse:
    """The public keys by which servers check that it is this site that asks, as a JWK set."""
    _check_set_up()
    keys = {one.key.key_id: one.key.public for one in settings.SMART_SERVERS if one.key}
    return JsonResponse({"keys": list(keys.values())})


@require_GET
@needs(Right.ASSESS)
def smart_start(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in of the server, which leads back to ``smart_callback``."""
    _check_set_up()
    base = request.GET.get("iss", "")
    server = _server(base)
    try:
        if server is None:
            raise SmartError(Trouble.UNKNOWN_SERVER, visible(base)[:200])
        with _waiting():
            known = discovered(base, Fetcher())
    except SmartError as error:
        return _refused(request, server, error)
    begins = begun(base, known, request.build_absolute_uri(reverse("smart-callback")))
    launch = "ehr" if request.GET.get("launch") else "standalone"
    _remember(request, begins, queries.patient_by_id(request.GET.get("patient", "")), launch)
    log(request, Action.SMART_LAUNCHED, detail={"server": server.name, "launch": launch})
    address = address_of(begins, server, known, request.GET.get("launch", ""))
    context = {"server": server.name, "address": address}
    response = render(request, "scoring/smart_start.html", context)
    # No redirect: one behind the form of our sign-in page is against our policy (form-action).
    response["Refresh"] = f"0; url={address}"
    return response


@require_GET
@needs(Right.ASSESS)
def smart_callback(request: HttpRequest) -> HttpResponse:
    """Read the chart with the code that the browser brings, and open the form for its patient."""
    _check_set_up()
    server: Server | None = None
    try:
        began, patient_id, launch = _taken(request)
        server = _server(began.base)
        if server is None:
            raise SmartError(Trouble.UNKNOWN_SERVER)
        if not request.GET.get("code"):
            raise SmartError(Trouble.REFUSED, error_code(request.GET.get("error")))
        chart = _chart(began, server, request.GET["code"])
        reading = reading_from(server, chart)
        patient = reading.on_record
        if patient_id and (patient is None or str(patient.pk) != patient_id):
            # It was read, though nothing is shown of it.
            kept_back = replace(reading, results=(), problems=(), trouble=Trouble.OTHER_PATIENT)
            ehr_readings.log_reading(request, kept_back, patient, launch=launch)
            raise SmartError(Trouble.OTHER_PATIENT)
    except SmartError as error:
        return _refused(request, server, error)
    answer = chart.trouble.detail if chart.trouble else ""
    ehr_readings.log_reading(request, reading, patient, launch=launch, answer=answer)
    token = ehr_readings.keep(request, reading)
    return redirect(f"{reverse('assessment-new')}?{urlencode({FIELD: token})}")


def _chart(began: Request, server: Server, code: str) -> Chart:
    """What the token reads; the token ends here."""
    with _waiting():
        fetcher = Fetcher()
        return read(began.base, granted(began, server, code, fetcher), codes(), fetcher)


def _check_set_up() -> None:
    if not settings.SMART_SERVERS:
        raise Http404


def _server(base: str) -> Server | None:
    """The server of a FHIR base address, if it is one of the settings'."""
    servers: list[Server] = settings.SMART_SERVERS
    return next((one for one in servers if one.issuer == base.removesuffix("/")), None)


@contextmanager
def _waiting() -> Iterator[None]:
    """While the server is asked, the request leaves its slot to pages. Raises SmartError."""
    if not _places.acquire(blocking=False):
        raise SmartError(Trouble.TOO_MANY_WAIT)
    try:
        with outside_the_database():
            yield
    finally:
        _places.release()


def _remember(request: HttpRequest, begins: Request, patient: Patient | None, launch: str) -> None:
    """Keep the request under its state, the patient whose record it was started from, and how."""
    kept: dict[str, Any] = request.session.get(_SESSION_KEY, {})
    newest = dict(list(kept.items())[1 - _MOST :])
    patient_id = str(patient.pk) if patient else ""
    request.session[_SESSION_KEY] = newest | {
        begins.state: [asdict(begins), patient_id, launch, time.time()]
    }


def _taken(request: HttpRequest) -> tuple[Request, str, str]:
    """The request that an answer belongs to, once, with the rest. Raises SmartError."""
    kept = request.session.get(_SESSION_KEY, {})
    found = kept.pop(request.GET.get("state", ""), None)
    if found is None:
        raise SmartError(Trouble.UNKNOWN_STATE)
    request.session[_SESSION_KEY] = kept
    # At once: the server may be slow, and the same address may be asked for again.
    request.session.save()
    told, patient_id, launch, at = found
    if not 0 <= time.time() - at <= _LAST:
        raise SmartError(Trouble.UNKNOWN_STATE, "too late")
    return Request(**told), patient_id, launch


def _refused(request: HttpRequest, server: Server | None, error: SmartError) -> HttpResponse:
    name = server.name if server else ""
    detail: dict[str, object] = {"server": name, "trouble": error.trouble.value}
    log(request, Action.SMART_REFUSED, detail=detail | {"answer": error.detail})
    context = {"said": trouble_text(error.trouble), "server": name}
    return render(request, "scoring/smart_refused.html", context, status=403)
