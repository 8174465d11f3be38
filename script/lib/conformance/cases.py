"""All cases of a model: input, and what the product answers to it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from scoring.nomogram.exchange import score_line
from scoring.nomogram.model import Nomogram
from scoring.words.shown import with_shown
from script.lib.conformance import limits, refusals, rounding
from script.lib.conformance.limits import Trial
from script.lib.conformance.patients import Draw

COUNT = 2_000
SEED = 20250813
_UNKNOWN = 150

_GROUPS: dict[str, Callable[[Nomogram], Iterable[Trial]]] = {
    "answers": limits.answers,
    "domain": limits.domains,
    "threshold": limits.thresholds,
    "caution": limits.cautions,
    "whole": limits.whole_numbers,
    "points-half": rounding.halves_of_points,
    "total-half": lambda model: rounding.halves_of_totals(model, Draw(model, SEED)),
    "percent": rounding.percents,
    "cutoff": rounding.cutoffs,
    "missing": refusals.missing,
    "type": refusals.types,
    "unit": refusals.units,
    "name": refusals.names,
    "object": refusals.objects,
    "two-faults": refusals.two_faults,
    "unknown": lambda model: _unknown(model, Draw(model, SEED + 1)),
}


@dataclass(frozen=True)
class Case:
    """One line of the file: ``tests`` says what it tests, ``expected`` is the right answer."""

    id: str
    tests: str
    input: Any
    expected: dict[str, Any]

    def line(self) -> str:
        """The line; a number has the fewest digits that give the same double."""
        return json.dumps(asdict(self), ensure_ascii=False, allow_nan=False)


def make_cases(model: Nomogram, count: int = COUNT) -> list[Case]:
    """The cases of a model: those of each group, then random patients up to ``count``."""
    cases = [
        Case(f"{group}-{number:03}", words, given, expected_answer(model, given))
        for group, trials in _GROUPS.items()
        for number, (words, given) in enumerate(trials(model), start=1)
    ]
    draw = Draw(model, SEED + 2)
    for number in range(1, count - len(cases) + 1):
        words, given = _random(draw, number)
        cases.append(Case(f"random-{number:03}", words, given, expected_answer(model, given)))
    return cases


def _random(draw: Draw, number: int) -> Trial:
    if number % 4 == 0:
        return "random patient, numbers of all digits", draw.patient_with_all_digits()
    if number % 4 == 1:
        return "random patient, anywhere in the domain", draw.patient()
    return "random patient, usual values", draw.usual_patient()


def _unknown(model: Nomogram, draw: Draw) -> Iterator[Trial]:
    if model.late is None:
        return
    unknown = {model.late.field: None}
    for _ in range(_UNKNOWN):
        patient = draw.usual_patient() if draw.share() < 0.5 else draw.patient()
        yield f"{model.late.field} is not known yet: two results", patient | unknown


def expected_answer(model: Nomogram, given: Any) -> dict[str, Any]:
    """What ``manage.py score --json`` answers, without what only repeats the input."""
    line = json.dumps(given, allow_nan=False).encode()
    answer = with_shown(score_line(model, line, row=1))
    if "error" in answer:
        return {"error": {name: answer["error"][name] for name in ("predictor", "code")}}
    answer["cautions"] = [
        {name: caution[name] for name in ("predictor", "code")} for caution in answer["cautions"]
    ]
    return answer
