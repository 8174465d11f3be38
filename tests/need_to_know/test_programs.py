"""Programs of other wards: they open what a person of their ward opens without a reason."""

from typing import Any

import pytest

from scoring.models import Role
from tests import cast
from tests.api.client import Application
from tests.life import acts
from tests.need_to_know.wards import switch, two_wards, ward

pytestmark = pytest.mark.django_db


def _shown(application: Application, query: str) -> list[str]:
    """The ids that a search of FHIR finds."""
    page: Any = application.client.get(f"/fhir/{query}").json()
    return [entry["resource"]["id"] for entry in page.get("entry", [])]


@pytest.mark.parametrize("of", ["Spine 1", "Spine 2"])
def test_an_assessment_that_was_moved_opens_for_no_program_of_one_ward(of: str) -> None:
    known = two_wards()
    moved = acts.amended(
        known.assessment, patient=cast.person("H7", family_name="Zhao"), by=cast.bob()
    )
    own = cast.recorded(cast.person("H8"), by={"Spine 1": cast.alice, "Spine 2": cast.bob}[of]())
    application = Application(Role.CLINICIAN, ward=ward(of))
    for version in (known.assessment, moved):
        response = application.get(f"/assessments/{version.pk}")
        assert (response.status_code, response.json()["code"]) == (403, "other_ward")
        for address in (f"DocumentReference/{version.pk}", f"RiskAssessment/{version.chain_id}"):
            assert application.client.get(f"/fhir/{address}").status_code == 404
    old = f"/fhir/RiskAssessment/{moved.chain_id}/_history/1"
    assert application.client.get(old).status_code == 404
    found = application.post("/assessments/search", {}).json()
    assert [one["version"]["id"] for one in found["assessments"]] == [str(own.pk)]
    assert found["found"] == 1
    assert _shown(application, "RiskAssessment") == [str(own.chain_id)]
    assert _shown(application, "DocumentReference") == [str(own.pk)]
    assert len(_shown(application, "Observation")) == 7


def test_it_opens_for_whoever_sees_both_patients() -> None:
    known = two_wards()
    moved = acts.amended(
        known.assessment, patient=cast.person("H7", family_name="Zhao"), by=cast.bob()
    )
    reviewer, of_one = Application(Role.REVIEWER), Application(Role.CLINICIAN, name="Spine")
    assert reviewer.get(f"/assessments/{moved.pk}").status_code == 200
    assert len(_shown(reviewer, "DocumentReference")) == 2
    switch(on=False)
    assert of_one.get(f"/assessments/{known.assessment.pk}").status_code == 200
    assert _shown(of_one, "RiskAssessment") == [str(moved.chain_id)]
    assert of_one.post("/assessments/search", {}).json()["found"] == 2
