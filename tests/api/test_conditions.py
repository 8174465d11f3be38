"""What is known already is not sent again; an ETag changes with all that is shown."""

import pytest
from django.test import Client

from scoring.models import Role
from tests import cast
from tests.api.client import ROOT, Application
from tests.api.sent import NEW
from tests.life import acts
from tests.need_to_know.wards import two_wards, ward
from tests.web.test_ward_settings import changed

pytestmark = pytest.mark.django_db


def test_what_is_known_already_is_not_sent_again(application: Application) -> None:
    made = cast.recorded()
    acts.outcome(made, acts.measured(3, 6))
    path = f"/assessments/{made.pk}"
    for address, line in (
        (path, "assessment_viewed"),
        (f"{path}/outcomes", "assessment_viewed"),
        (f"{path}/outcomes/day-3", "assessment_viewed"),
        (f"/patients/{made.patient_id}", "patient_viewed"),
        ("/token", ""),
    ):
        before = len(application.log_lines())
        read = application.get(address)
        tag = read.headers["ETag"]
        for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
            again = application.get(address, If_None_Match=known)
            assert (again.status_code, again.content) == (304, b""), (address, known)
            assert again.headers["ETag"] == tag
            assert "Content-Type" not in again.headers
        assert application.get(address, If_None_Match='"x"').json() == read.json()
        # That it still stands tells of the patient, too: each look has its line.
        assert application.log_lines()[before:] == [line] * 6 if line else True
        stale = application.get(address, If_Match='"x"')
        assert (stale.status_code, stale.json()["code"]) == (412, "stale")
        assert application.get(address, If_Match=tag).status_code == 200


def test_a_tag_is_that_of_all_that_is_shown(application: Application) -> None:
    made = acts.provisional()
    path, tags = f"/assessments/{made.pk}", set()

    def is_new() -> bool:
        tag = application.get(path).headers["ETag"]
        is_known = tag in tags
        tags.add(tag)
        return not is_known

    assert is_new()
    assert not is_new()
    acts.corrected(made.patient, cast.person(given_name="Xiu Lan"))
    assert is_new()
    changed(hospital_name="Hospital of the Example")
    assert is_new()
    changed(time_zone="America/Los_Angeles")
    assert is_new()
    acts.completed(acts.read(made.pk))
    assert is_new()


def test_a_tag_serves_a_change_however_the_answer_was_sent(application: Application) -> None:
    made = application.post("/assessments", NEW, Accept_Encoding="gzip")
    path, tag = f"/assessments/{made.json()['version']['id']}", made.headers["ETag"]
    read = application.get(path, Accept_Encoding="gzip")
    # Compressed on its way it would be a weak one, and no change takes that.
    assert read.headers["ETag"] == tag
    assert not tag.startswith("W/")
    assert application.post(f"{path}/void", {"reason": "x"}, If_Match=tag).status_code == 201


def test_whoever_may_not_read_learns_nothing_by_a_tag() -> None:
    known = two_wards()
    path = f"/assessments/{known.assessment.pk}"
    tag = Application(Role.CLINICIAN, ward=ward("Spine 1")).get(path).headers["ETag"]
    outside = Application(Role.CLINICIAN, ward=ward("Spine 2"), name="Spine 2")
    assert outside.get(path, If_None_Match=tag).status_code == 403
    assert Client().get(ROOT + path, headers={"If-None-Match": tag}).status_code == 401
