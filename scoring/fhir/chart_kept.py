"""What was read of a chart as JSON, in which it waits until its form is saved."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from scoring.entry.read_result import ReadResult
from scoring.fhir.chart import ChartReading
from scoring.fhir.sent_observation import Problem, Unusable
from scoring.fhir.sent_patient import SentIdentity
from scoring.nomogram.rong2025.model import RONG_2025


def as_json(reading: ChartReading) -> dict[str, Any]:
    """What is stored."""
    one = reading.identity
    return {
        "server": reading.server,
        "base": reading.base,
        "identity": [one.number, one.family_name, one.given_name, _iso(one.birth_date), one.sex],
        "results": [_result_as_json(one) for one in reading.results],
        "problems": [_problem_as_json(problem) for problem in reading.problems],
        "trouble": reading.trouble,
        "unsound": reading.unsound,
    }


def _problem_as_json(problem: Problem) -> list[Any]:
    # PostgreSQL takes no null character.
    told = {name: str(value).replace("\x00", "") for name, value in problem.values.items()}
    return [problem.code.value, problem.predictor.field if problem.predictor else "", told]


def from_json(kept: dict[str, Any]) -> ChartReading:
    """What was stored."""
    number, family, given, born, sex = kept["identity"]
    return ChartReading(
        server=kept["server"],
        base=kept["base"],
        identity=SentIdentity(number, family, given, _day(born), sex),
        results=tuple(map(_result_from_json, kept["results"])),
        problems=tuple(map(_problem_from_json, kept["problems"])),
        trouble=kept["trouble"],
        unsound=kept["unsound"],
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
