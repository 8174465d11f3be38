"""Cards of CDS Hooks 2.0.1 for the hook patient-view, made from what the client fetched before.

A card is shown only where somebody measured or answered what this model alone asks for: a T-score,
trauma history, posterior fascia edema. Blood counts have every patient. The height after the
operation is not asked for: at this hook nobody says when the operation is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from scoring.display import percent_range_text, percent_text
from scoring.fhir import codes
from scoring.fhir.leaving import faults
from scoring.fhir.problem_texts import problem_text
from scoring.fhir.resource import Resource
from scoring.fhir.sent_observation import Candidate, Sent, candidate, effective
from scoring.fhir.sent_values import SentValues, entries, read_values
from scoring.nomogram.model import Result
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import (
    AGE,
    BMD,
    POSTERIOR_FASCIA_EDEMA,
    RONG_2025,
    TRAUMA_HISTORY,
)
from scoring.words.answers import yes_no
from scoring.words.cautions import caution_text, caution_title
from scoring.words.dates import day_text
from scoring.words.intended_use import role
from scoring.words.marks import labelled, titled
from scoring.words.predictors import words_of
from scoring.words.risk import SCENARIO_HEADINGS
from scoring.words.values import measured_text

SERVICE = "residual-back-pain"
# A card's summary has fewer.
MOST_OF_SUMMARY = 140
_LABORATORY = [one for one in RONG_2025.predictors if coded_as(one).category == "laboratory"]
_OWN = (BMD, TRAUMA_HISTORY, POSTERIOR_FASCIA_EDEMA)
_NEWEST = "&_sort=-date&_count=20"


def _search(*asked: str) -> str:
    return f"Observation?patient={{{{context.patientId}}}}&code={','.join(asked)}{_NEWEST}"


def _of(*predictors: Predictor) -> Iterator[str]:
    for predictor in predictors:
        yield from (
            f"{codes.LOINC}|{code}"
            for table in (codes.READ_AS, codes.NOT_READ_AS)
            for code, of in table.items()
            if of is predictor
        )
        yield f"{codes.SYSTEM}|{codes.predictor_code(predictor)}"


# What the client fetches, by its key. Other quantities are asked for, so that they can be told.
PREFETCH: Mapping[str, str] = MappingProxyType(
    {
        "patient": "Patient/{{context.patientId}}",
        "laboratory": _search(*_of(*_LABORATORY)),
        "bone_density": _search(*_of(BMD)),
        "answers": _search(*_of(TRAUMA_HISTORY, POSTERIOR_FASCIA_EDEMA)),
    }
)


class NotFetchedError(ValueError):
    """What is needed was not fetched, or its query failed: ``keys`` of the prefetch."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


@dataclass(frozen=True)
class Link:
    """Where a card leads; ``app_context`` is "" for a plain address, and not for a launch."""

    url: str
    app_context: str = ""

    def as_json(self) -> dict[str, str]:
        """The link as a card has it."""
        told = {"label": _("Open the form"), "url": self.url}
        if self.app_context:
            return told | {"type": "smart", "appContext": self.app_context}
        return told | {"type": "absolute"}


@dataclass(frozen=True)
class Place:
    """Where cards come from and lead to: ``about`` is the page on the model.

    ``link`` is asked once there is a card, with what was fetched: the patient and the results.
    """

    about: str
    link: Callable[[Resource, list[Resource]], Link]


def service() -> dict[str, Any]:
    """How discovery describes the service."""
    return {
        "hook": "patient-view",
        "id": SERVICE,
        "title": _("Risk of residual back pain after PKP"),
        "description": _(
            "The risk before the operation, from laboratory, bone density and answers on record; "
            "or what is missing."
        ),
        "prefetch": dict(PREFETCH),
    }


def cards(
    prefetch: Mapping[str, Any], *, today: date, at: Place, uuid: str
) -> list[dict[str, Any]]:
    """One card or none. ``uuid`` is the card's own, for its feedback. Raises NotFetchedError."""
    sent = _fetched(prefetch)
    read = read_values(sent, operation=None, today=today)
    known = [one for one in map(candidate, sent) if one is not None]
    if not any(one.predictor in _OWN for one in known):
        return []
    result = read.result
    summary = _missing_summary(read) if result is None else _summary(result)
    detail = _missing(read) if result is None else _detail(result, read)
    return [
        {
            "uuid": uuid,
            "summary": summary[: MOST_OF_SUMMARY - 1],
            "detail": detail,
            "indicator": "info",
            "source": {
                "label": _("RBP risk, %(model)s") % {"model": RONG_2025.name},
                "url": at.about,
            },
            "links": [_link(at, sent).as_json()],
        }
    ]


def _link(at: Place, sent: list[Sent]) -> Link:
    patient, *results = (one.resource for one in sent)
    return at.link(patient, results)


def _fetched(prefetch: Mapping[str, Any]) -> list[Sent]:
    """The resources by their keys. A key that is left out was not run; null is "nothing found"."""
    sent: list[Sent] = []
    missing = []
    for key in PREFETCH:
        found = prefetch.get(key, {})
        if key != "patient" and (found is None or _found_nothing(found)):
            continue
        if not isinstance(found, dict) or not _is_whole(key, found):
            missing.append(key)
        elif key == "patient":
            sent.append(Sent(found, f"prefetch.{key}"))
        else:
            sent += [one for one in entries(found, f"prefetch.{key}") if _is_asked_for(one)]
    if missing:
        raise NotFetchedError(missing)
    return sent


def _found_nothing(found: object) -> bool:
    """Whether it is a Bundle with an empty list, which FHIR forbids and servers send."""
    is_bundle = isinstance(found, dict) and found.get("resourceType") == "Bundle"
    return is_bundle and found.get("entry") == []  # type: ignore[attr-defined]


def _is_asked_for(one: Sent) -> bool:
    """Observations but the height; a page of a search may hold an OperationOutcome beside them."""
    if one.resource["resourceType"] != "Observation":
        return False
    read = candidate(one)
    return read is not None and not read.predictor.may_be_unknown


def _is_whole(key: str, found: Resource) -> bool:
    """Whether it is what was asked for, sound, and holds the newest results."""
    kind = "Patient" if key == "patient" else "Bundle"
    if found.get("resourceType") != kind or faults(found):
        return False
    days = [effective(one.resource)[0] for one in entries(found)]
    is_part = any(link["relation"] == "next" for link in found.get("link", []))
    known = [day for day in days if day is not None]
    return not is_part or known == sorted(known, reverse=True)


def _summary(result: Result) -> str:
    restored, not_restored = (percent_text(one.risk) for one in result.scenarios)
    return _(
        "Risk of residual back pain after PKP: %(restored)s if the height is restored, "
        "%(not_restored)s if not"
    ) % {"restored": restored, "not_restored": not_restored}


def _missing_summary(read: SentValues) -> str:
    return _(
        "Risk of residual back pain after PKP: not known yet. Values that are missing or can't be "
        "used: %(count)s"
    ) % {"count": len(read.problems)}


def _missing(read: SentValues) -> str:
    return _list(problem_text(one) for one in read.problems)


def _detail(result: Result, read: SentValues) -> str:
    """Markdown: the risks, what they were computed from, what to look at, what it is for."""
    risks = (
        _("%(heading)s: %(risk)s (approximate 95 %% CI %(ci95)s)")
        % {
            "heading": SCENARIO_HEADINGS[one.code],
            "risk": percent_text(one.risk),
            "ci95": percent_range_text(*one.ci95),
        }
        for one in result.scenarios
    )
    age = labelled(words_of(AGE).input_name, str(read.age_years))
    values = (age, *(_value(one) for one in read.found.values()))
    cautions = (
        titled(caution_title(result.model, one), caution_text(one)) for one in result.cautions
    )
    whole = (_list(risks), _list(values), _list(cautions), role())
    return "\n\n".join(part for part in whole if part)


def _value(one: Candidate) -> str:
    predictor = one.predictor
    if isinstance(predictor, NumericPredictor) and one.value is not None:
        value = measured_text(predictor, float(one.value))
    else:
        value = yes_no(bool(one.value))
    told = {"name": words_of(predictor).input_name, "value": value}
    if one.day is None:
        return labelled(told["name"], value)
    return _("%(name)s: %(value)s, of %(day)s") % {**told, "day": day_text(one.day)}


def _list(texts: Any) -> str:
    return "\n".join(f"- {text}" for text in texts)
