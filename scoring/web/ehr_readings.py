"""Where a reading of a FHIR server is kept until its form is saved: in the database, for its user.

Not in the session: a form that was left is opened again in a later one.
"""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.entry.read_result import ReadResult, ResultOfServer
from scoring.fhir.sent_observation import Problem, Unusable
from scoring.fhir.sent_patient import SentIdentity
from scoring.forms import AssessmentForm
from scoring.http.actor import actor
from scoring.models import User
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.web.ehr import FIELD, Reading, Value


def keep(owner: User | None, reading: Reading) -> str:
    """Keep it; the token that the form carries. Without an owner: for whoever opens it first."""
    return actions.keep_reading(owner=owner, content=_as_json(reading)).hex


def forget(request: HttpRequest) -> None:
    """The form of a reading was saved."""
    token = _token(request.POST.get(FIELD, ""))
    if token is not None:
        actions.forget_reading(owner=actor(request), token=token)


def reading_of(request: HttpRequest, typed: QueryDict | None = None) -> Reading | None:
    """The reading that the form of this request belongs to; ``typed`` is a form that was kept."""
    if typed is not None:
        request.ehr_token = typed.get(FIELD, "")  # type: ignore[attr-defined]
    named = request.POST.get(FIELD, request.GET.get(FIELD, ""))
    name = getattr(request, "ehr_token", named)
    known: dict[str, Reading | None] = request.__dict__.setdefault("ehr_readings", {})
    if name not in known:
        known[name] = _found(request, name)
    return known[name]


def _found(request: HttpRequest, name: str) -> Reading | None:
    token = _token(name)
    kept = None if token is None else queries.reading(actor(request), token)
    return None if kept is None else _from_json(kept.content, kept.token.hex)


def _token(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def taken(request: HttpRequest, form: AssessmentForm) -> dict[str, int | ResultOfServer]:
    """What the values of a form were taken from: results of laboratories, or of the reading."""
    reading = reading_of(request)
    read = reading.taken(form.taken_from_ehr) if reading else {}
    return {**form.taken, **read}


def warn_if_lost(request: HttpRequest) -> None:
    """Say where the address names a reading that is not kept any more, or not for this user."""
    if request.GET.get(FIELD) and reading_of(request) is None:
        text = _("What was read from the FHIR server is no longer kept. Read it again.")
        messages.warning(request, text)


def _as_json(reading: Reading) -> dict[str, Any]:
    one = reading.identity
    return {
        "server": reading.server,
        "base": reading.base,
        "identity": [one.number, one.family_name, one.given_name, _iso(one.birth_date), one.sex],
        "results": [_result_as_json(value.result) for value in reading.values],
        "problems": [_problem_as_json(problem) for problem in reading.problems],
        "trouble": reading.trouble,
        "unsound": reading.unsound,
    }


def _problem_as_json(problem: Problem) -> list[Any]:
    # PostgreSQL takes no null character.
    told = {name: str(value).replace("\x00", "") for name, value in problem.values.items()}
    return [problem.code.value, problem.predictor.field if problem.predictor else "", told]


def _from_json(kept: dict[str, Any], token: str) -> Reading:
    number, family, given, born, sex = kept["identity"]
    return Reading(
        server=kept["server"],
        base=kept["base"],
        identity=SentIdentity(number, family, given, _day(born), sex),
        values=tuple(Value(_result_from_json(one)) for one in kept["results"]),
        problems=tuple(map(_problem_from_json, kept["problems"])),
        trouble=kept["trouble"],
        unsound=kept["unsound"],
        token=token,
    )


def _problem_from_json(kept: list[Any]) -> Problem:
    code, field, told = kept
    if "day" in told:
        told = told | {"day": date.fromisoformat(told["day"])}
    return Problem(Unusable(code), RONG_2025.by_field.get(field), "", told)


def _result_as_json(result: ReadResult) -> dict[str, Any]:
    moment = result.moment.isoformat() if result.moment else None
    plain = {"value": str(result.value), "day": _iso(result.day), "moment": moment}
    return asdict(result) | plain


def _result_from_json(kept: dict[str, Any]) -> ReadResult:
    moment = datetime.fromisoformat(kept["moment"]) if kept["moment"] else None
    day = date.fromisoformat(kept["day"])
    return ReadResult(**kept | {"value": Decimal(kept["value"]), "day": day, "moment": moment})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
