"""Each filter, and all of them together, against a plain look at every row."""

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from scoring.models import Assessment
from scoring.queries import CutoffSide, DisplayState, HistoryFilter, models_on_record, search
from tests import cast
from tests.history.ward import everything, seeded
from tests.life import acts

pytestmark = pytest.mark.django_db
Oracle = Callable[[Assessment], bool]


def _state(a: Assessment) -> str:
    return str(a.state) if a.chain.current_id == a.id else "superseded"


def _sides(a: Assessment) -> set[bool]:
    return {scenario.risk >= 0.184 for scenario in a.result.scenarios}


def _day(a: Assessment) -> date:
    return timezone.localtime(a.created_at).date()


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate({0x27: "", 0x2019: "", 0x2D: " "}))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _finds(text: str) -> Oracle:
    def fits(a: Assessment) -> bool:
        patient = a.patient
        if patient.hospital_number.startswith("".join(text.split()).upper()):
            return True
        parts = _plain(f"{patient.family_name} {patient.given_name}").split()
        joined = [
            _plain(name).replace(" ", "") for name in (patient.family_name, patient.given_name)
        ]
        words = [word for word in _plain(text).split() if word.isalnum()]
        begin = [*parts, *joined, "".join(parts)]
        return bool(words) and all(
            word in "".join(parts)
            if ord(word[0]) > 0x2E80
            else any(part.startswith(word) for part in begin)
            for word in words
        )

    return fits


STATES: dict[str, Oracle] = {
    DisplayState.CURRENT: lambda a: _state(a) != "superseded",
    DisplayState.PROVISIONAL: lambda a: _state(a) == "provisional",
    DisplayState.FINAL: lambda a: _state(a) == "final",
    DisplayState.VOIDED: lambda a: _state(a) == "voided",
    DisplayState.SUPERSEDED: lambda a: _state(a) == "superseded",
}
SIDES: dict[str, Oracle] = {
    CutoffSide.AT_OR_ABOVE: lambda a: _sides(a) == {True},
    CutoffSide.BELOW: lambda a: _sides(a) == {False},
    CutoffSide.DEPENDS: lambda a: _sides(a) == {True, False},
}
TEXTS = (
    *(
        "w",
        "wang",
        "Xiu",
        "wang xiu",
        "muller",
        "MÜLLER jose",
        "o'b",
        "O’Br",
        "smith-jones",
        "smithj",
        "wangxiu",
        "SEED00000",
    ),
    *("seed 0000007", "王", "秀", "兰", "国", "王秀", "陈 国", "王秀兰", "nobody", "%", "_"),
)


def _since(day: date) -> Oracle:
    return lambda a: _day(a) >= day


def _until(day: date) -> Oracle:
    return lambda a: _day(a) <= day


def _by(clinician_id: int) -> Oracle:
    return lambda a: a.created_by_id == clinician_id


def _ended(rbp: str) -> Oracle:
    return lambda a: a.chain.rbp == rbp and a.chain.state != "voided"


def _placed(population: str) -> Oracle:
    return lambda a: a.population == population


def _choices(rows: list[Assessment]) -> dict[str, list[tuple[Any, Oracle]]]:
    """Every value of every filter, and what should fit it."""
    days = sorted({_day(a) for a in rows})
    picked = [days[0], days[len(days) // 3], days[len(days) // 2], days[-1], date.max]
    staff = sorted({a.created_by_id for a in rows})
    populations = ("as_study", "not_fully_assessed", "outside")
    return {
        "assessed_from": [(day, _since(day)) for day in picked],
        "assessed_to": [(day, _until(day)) for day in picked],
        "state": list(STATES.items()),
        "cutoff": list(SIDES.items()),
        "clinician_id": [(pk, _by(pk)) for pk in staff],
        "outcome": [(rbp, _ended(rbp)) for rbp in ("yes", "no", "pending", "not_evaluable")],
        "population": [(population, _placed(population)) for population in populations],
        "model": [(("rong-2025", "2"), lambda a: True), (("rong-2025", "1"), lambda a: False)],
        "text": [(text, _finds(text)) for text in TEXTS],
    }


def _found(**chosen: Any) -> list[UUID]:
    what = HistoryFilter(**chosen)
    found = list(what.found().values_list("pk", flat=True))
    assert what.hits(limit=10_000).count == len(found)
    return found


@pytest.mark.parametrize("few_patients", [1000, 2])
def test_filters_find_what_a_plain_look_finds(
    few_patients: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW_PATIENTS", few_patients)
    rows = seeded(1000)
    choices = _choices(rows)
    hits = {}
    for name, values in choices.items():
        for value, fits in values:
            expected = [a.pk for a in rows if fits(a)]
            assert _found(**{name: value}) == expected, (name, value)
            hits[name, value] = len(expected)
    # The look is worth something only where most of the filters find some and leave some out.
    assert sum(0 < count < len(rows) for count in hits.values()) > 0.6 * len(hits), hits

    random = Random(3)  # noqa: S311 - the same combinations on every run
    met = 0
    for _ in range(150):
        names = random.sample(sorted(choices), random.randint(2, 4))
        chosen = {name: random.choice(choices[name]) for name in names}
        expected = [a.pk for a in rows if all(fits(a) for _, fits in chosen.values())]
        assert _found(**{name: value for name, (value, _) in chosen.items()}) == expected, chosen
        met += bool(expected)
    assert met > 40
    assert _found() == [a.pk for a in rows]


def test_a_voided_outcome_is_not_counted() -> None:
    first = cast.recorded()
    voided = cast.next_version(first, state="voided", change="void")
    assert _found(outcome="pending") == []
    assert _found(state=DisplayState.VOIDED) == [voided.pk]
    assert _found(state=DisplayState.SUPERSEDED) == [first.pk]


def test_an_outcome_goes_with_its_assessment_to_another_patient() -> None:
    first = cast.recorded()
    second = acts.amended(first)
    moved = acts.amended(second, patient=cast.registered("H7", family_name="Zhao"))
    assert _found(outcome="pending") == [moved.pk]
    acts.outcome(moved, acts.measured(3, 9))
    acts.outcome(moved, acts.measured(30, 9))
    assert _found(outcome="yes") == [moved.pk]
    assert _found(outcome="yes", state=DisplayState.CURRENT) == [moved.pk]
    assert _found(outcome="yes", state=DisplayState.SUPERSEDED) == []
    # Given back, the outcome is that of all who had it from the beginning.
    back = acts.amended(moved, patient=first.patient)
    assert _found(outcome="yes") == [back.pk, second.pk, first.pk]


def test_the_last_day_ends_at_midnight_of_the_ward() -> None:
    day = timezone.localtime(cast.recorded().created_at).date()
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    assert len(_found(assessed_from=day, assessed_to=day)) == 1
    assert _found(assessed_to=before) == []
    assert _found(assessed_from=after) == []


def test_models_on_record() -> None:
    assert models_on_record() == []
    first = cast.recorded()
    second = cast.next_version(first, model_version="1")
    third = cast.next_version(second, model_identifier="local-2026", model_version="1")
    assert models_on_record() == [("local-2026", "1"), ("rong-2025", "1"), ("rong-2025", "2")]
    assert _found(model=("rong-2025", "1")) == [second.pk]
    assert _found(model=("local-2026", "1")) == [third.pk]
    assert len(everything()) == 3
