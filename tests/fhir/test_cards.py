"""Cards of CDS Hooks: the risk, what is missing, or nothing; checked by the rules of 2.0.1."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils.translation import override

from scoring.display import percent_text
from scoring.fhir.cards import PREFETCH, Link, NotFetchedError, Place, cards, service
from scoring.nomogram.rong2025.model import RONG_2025
from tests.fhir.cds_client import fetched, found
from tests.fhir.sent import TODAY, answer, example, observation, quantity

_SITE = "https://rbp.hospital.example"
AT = Place(f"{_SITE}/about", lambda _patient, _results: Link(f"{_SITE}/assessments/new"))


def shown(prefetch: dict[str, Any]) -> list[dict[str, Any]]:
    """The cards, as the specification allows them."""
    made = cards(prefetch, today=TODAY, at=AT, uuid=str(uuid4()))
    for card in made:
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in {"info", "warning", "critical"}
        assert card["source"]["label"]
        for link in card["links"]:
            assert link["label"]
            assert link["url"].startswith("https://")
            assert link["type"] == "absolute"
            assert "appContext" not in link
        assert all(value not in (None, "", [], {}) for value in card.values())
        assert set(card) <= {"uuid", "summary", "detail", "indicator", "source", "links"}
    return made


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_risk(language: str) -> None:
    with override(language):
        (card,) = shown(fetched())
        risks = [percent_text(one.risk) for one in RONG_2025.assess(_VALUES).scenarios]
    for text in (card["summary"], card["detail"]):
        assert all(risk in text for risk in risks)
    assert card["indicator"] == "info"
    # What the risk was computed from, to be confirmed in the form.
    assert "12.8" in card["detail"]


_VALUES = {
    "age_years": 80,
    "t_score": -2.0,
    "trauma_history": True,
    "posterior_fascia_edema": True,
    "pdw_fl": 12.8,
    "chloride_mmol_l": 105,
    "mvh_restored": None,
}


def test_what_is_missing() -> None:
    in_percent = observation("32207-3", **quantity("12.8", "%"))
    (card,) = shown(fetched(laboratory=found(in_percent), answers=None))
    assert card["summary"].endswith(": 4")
    assert "the unit is %" in card["detail"]
    for name in ("Serum chloride", "Trauma history", "Posterior fascia edema"):
        assert (
            f"{name} is missing" in card["detail"] or f"{name} on MRI is missing" in card["detail"]
        )


def test_nothing_where_nobody_thinks_of_the_model() -> None:
    assert shown(fetched(bone_density=None, answers=found())) == []
    radius = found(observation("38265-5", **quantity("-3.0", "1")))
    (card,) = shown(fetched(bone_density=radius, answers=None))
    assert "another quantity" in card["detail"]


def test_the_height_is_not_asked_for() -> None:
    mvh = answer("mvh", False, day="2026-03-14")
    (card,) = shown(fetched(answers=found(*list(example().values())[1:3], mvh)))
    assert "if not" in card["summary"]


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"laboratory": {"resourceType": "OperationOutcome", "issue": []}}, ["laboratory"]),
        ({"laboratory": {"resourceType": "Bundle"}}, ["laboratory"]),
        ({"patient": None}, ["patient"]),
        ({"patient": found()}, ["patient"]),
        ({"answers": "text", "bone_density": []}, ["bone_density", "answers"]),
        # A part of the results, and not the newest of them.
        (
            {
                "laboratory": found(
                    observation("32207-3", day="2026-03-01", **quantity("12", "fL")),
                    observation("32207-3", day="2026-03-09", **quantity("12", "fL")),
                    link=[{"relation": "next", "url": "https://ehr.example/2"}],
                )
            },
            ["laboratory"],
        ),
    ],
)
def test_what_was_not_fetched_is_not_taken_for_missing(
    change: dict[str, Any], keys: list[str]
) -> None:
    with pytest.raises(NotFetchedError) as caught:
        shown(fetched(**change))
    assert caught.value.keys == keys


def test_a_key_that_is_left_out_was_not_run_and_null_found_nothing() -> None:
    for key in PREFETCH:
        sent = fetched()
        del sent[key]
        with pytest.raises(NotFetchedError) as caught:
            shown(sent)
        assert caught.value.keys == [key]
    (card,) = shown(fetched(laboratory=None))
    assert card["summary"].endswith(": 2")


def test_the_newest_first_of_many_pages_will_do() -> None:
    many = found(*list(example().values())[3:], link=[{"relation": "next", "url": "https://e/2"}])
    (card,) = shown(fetched(laboratory=many))
    assert "if not" in card["summary"]


def test_how_the_service_describes_itself() -> None:
    described = service()
    assert described["hook"] == "patient-view"
    for template in described["prefetch"].values():
        # Only tokens and parameters that clients of 2.0.1 must know.
        assert template.count("{{context.patientId}}") == 1
        assert "sort:desc" not in template
        names = [part.split("=")[0] for part in template.partition("?")[2].split("&") if part]
        assert set(names) <= {"patient", "code", "_sort", "_count"}
