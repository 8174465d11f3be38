"""Lists, searches, look-ups and exports leave patients of other wards out."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoring import actions
from scoring.entry import PatientEntry
from scoring.models import Assessment, Patient, Right, Role, User
from tests import cast
from tests.history.ward import seeded
from tests.life import acts, browse
from tests.need_to_know.wards import REASON, TwoWards, put, switch, two_wards, ward
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db
_TOLD = ("Wang", "Xiulan", "14-Jul-1944", "RBP-20", "183.89")


def _export(client: Client) -> Any:
    group = Group.objects.get(name=Role.CLINICIAN)
    permission = Group.objects.get(name=Role.REVIEWER).permissions.get(
        codename=Right.EXPORT_RECORDS.removeprefix("scoring.")
    )
    group.permissions.add(permission)
    return client.post(reverse("history-export"), {"identifiers": "with"})


def _searched(client: Client, name: str, text: str) -> Any:
    return client.post(reverse(name), {"q": text}, follow=True)


SHOWS: dict[str, Callable[[Client], Any]] = {
    "worklist": lambda client: client.get(reverse("worklist")),
    "history": lambda client: client.get(reverse("history")),
    "history by number": lambda client: _searched(client, "history", "H100234"),
    "history by name": lambda client: _searched(client, "history", "wang"),
    "find by name": lambda client: _searched(client, "patients", "wang"),
    "find by birth date": lambda client: _searched(client, "patients", "14-Jul-1944"),
    "find by number": lambda client: _searched(client, "patients", "h100234"),
    "export": _export,
    "look-up": lambda client: client.post(
        reverse("patient-lookup"), {"hospital_number": "H100234"}
    ),
    "find by former number": lambda client: _searched(client, "patients", "47110"),
    "history by former number": lambda client: _searched(client, "history", "47110"),
    "look-up of a former number": lambda client: client.post(
        reverse("patient-lookup"), {"hospital_number": "47110", "known_patient": "x"}
    ),
    "same name": lambda client: client.post(
        reverse("patient-same-name"), {"family_name": "Wang", "given_name": "Xiulan"}
    ),
    "live points": lambda client: client.post(
        reverse("assessment-points"), {"hospital_number": "H100234"}
    ),
    "form for the patient": lambda client: client.get(
        reverse("assessment-new"),
        {"patient": str(Patient.objects.get(hospital_number="H100234").pk)},
    ),
}


def _li(number: str) -> PatientEntry:
    """Somebody else altogether."""
    return cast.person(number, family_name="Li", given_name="Na", birth_date=date(1950, 1, 1))


def _said(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode())


@pytest.fixture
def known() -> TwoWards:
    return two_wards()


@pytest.mark.parametrize("shows", SHOWS)
@pytest.mark.as_owner
def test_a_user_of_another_ward_is_shown_nothing(known: TwoWards, shows: str) -> None:
    said = _said(SHOWS[shows](signed_in(cast.bob())))
    # The typed text itself may stand there again.
    typed = {"same name": {"Wang", "Xiulan"}, "find by birth date": {"14-Jul-1944"}}
    assert not [told for told in set(_TOLD) - typed.get(shows, set()) if told in said]


@pytest.mark.parametrize("shows", SHOWS)
@pytest.mark.as_owner
def test_the_own_ward_sees_them(known: TwoWards, shows: str) -> None:
    assert "Wang" in _said(SHOWS[shows](signed_in(cast.alice())))


@pytest.mark.parametrize("shows", ["find by number", "history by number", "look-up"])
def test_a_whole_number_says_that_it_is_there_and_asks_for_a_reason(
    known: TwoWards, shows: str
) -> None:
    response = SHOWS[shows](signed_in(cast.bob()))
    address = reverse("patient-open", args=[known.patient.pk])
    where = [address for address, _ in getattr(response, "redirect_chain", [])]
    assert address in _said(response) + " ".join(where)


@pytest.mark.usefixtures("contexts")
def test_the_counts_in_the_navigation_are_those_of_the_own_ward(known: TwoWards) -> None:
    counted = [
        signed_in(who()).get(reverse("worklist")).context["due"].total
        for who in (cast.alice, cast.bob, cast.rita)
    ]
    # The day-3 and the day-30 VAS of a year ago are no longer due; a radiograph is.
    assert counted == [0, 0, 0]
    cast.recorded(known.patient, cast.before_the_radiograph())
    counted = [
        vars(signed_in(who()).get(reverse("worklist")).context["due"])["older_radiographs"]
        for who in (cast.alice, cast.bob, cast.rita)
    ]
    assert counted == [1, 0, 1]


def test_a_number_of_another_ward_can_t_be_registered_again(known: TwoWards) -> None:
    client = signed_in(cast.bob())
    data = cast.form_data(family_name="Li", given_name="Na", birth_date="01-Jan-1950")
    response = client.post(reverse("assessment-new"), data)
    said = _said(response)
    assert response.status_code == 422
    assert "this number belongs to a patient of another ward" in said
    assert reverse("patient-open", args=[known.patient.pk]) in said
    assert not [told for told in _TOLD if told in said]
    again = client.post(reverse("assessment-new"), data | {"known_patient": str(known.patient.pk)})
    assert again.status_code == 422
    assert not [told for told in _TOLD if told in _said(again)]
    assert Assessment.objects.count() == 1


def test_an_assessment_can_t_be_moved_to_a_patient_of_another_ward(known: TwoWards) -> None:
    own = cast.recorded(_li("H2"), by=User.objects.get(username="bob"))
    client = signed_in(cast.bob())
    data = browse.filled(client, "assessment-amend", own, hospital_number="H100234", reason="slip")
    response = browse.sent(client, "assessment-amend", own, data)
    assert response.status_code == 422
    assert reverse("patient-open", args=[known.patient.pk]) in _said(response)
    assert not [told for told in ("Wang", "Xiulan", "14-Jul-1944") if told in _said(response)]
    assert not Assessment.objects.filter(version=2).exists()


def test_an_identity_can_t_be_corrected_to_a_number_of_another_ward(known: TwoWards) -> None:
    own = actions.register_patient(by=cast.bob(), entry=_li("H2"), origin=actions.NOWHERE)
    client = signed_in(cast.bob())
    data = {
        **{"form_token": str(uuid4()), "revision": "0", "hospital_number": "H100234"},
        **{"family_name": "Li", "given_name": "Na", "birth_date": "01-Jan-1950"},
        **{"sex": "male", "reason": "misread"},
    }
    response = client.post(reverse("patient-correct", args=[own.pk]), data)
    assert "this number belongs to a patient of another ward" in _said(response)
    assert not [told for told in _TOLD if told in _said(response)]


def test_a_draft_about_a_patient_of_another_ward_is_not_offered(known: TwoWards) -> None:
    token = uuid4()
    actions.keep_draft(
        owner=cast.bob(),
        token=token,
        address=reverse("assessment-new"),
        fields={"hospital_number": ["H100234"]},
        patient=known.patient,
    )
    client = signed_in(cast.bob())
    assert "H100234" not in _said(client.get(reverse("worklist")))
    opened = client.get(reverse("assessment-new"), {"draft": token.hex})
    assert not [told for told in ("H100234", *_TOLD) if told in _said(opened)]
    assert client.post(reverse("draft-discard", args=[token])).status_code == 404


def test_an_opened_patient_is_in_the_lists(known: TwoWards) -> None:
    client = signed_in(cast.bob())
    client.post(reverse("patient-open", args=[known.patient.pk]), {"reason": REASON})
    for shows in ("worklist", "history", "find by name", "look-up"):
        assert "Wang" in _said(SHOWS[shows](client)), shows


def test_a_user_without_a_ward_sees_patients_without_one(known: TwoWards) -> None:
    client = signed_in(acts.cara())
    assert "Wang" not in _said(client.get(reverse("history")))
    actions.move_patient(
        by=cast.alice(), patient=known.patient, ward=None, reason="x", origin=actions.NOWHERE
    )
    assert "Wang" in _said(client.get(reverse("history")))


@pytest.mark.parametrize("name", ["worklist", "history", "patient-detail"])
def test_switched_off_it_asks_the_database_nothing(name: str) -> None:
    assessment = seeded()[0] if name != "patient-detail" else cast.recorded()
    args = [assessment.patient_id] if name == "patient-detail" else []
    put(cast.bob(), "Spine 2")
    client = signed_in(cast.bob())
    client.get(reverse(name, args=args))

    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(name, args=args))
        return [each["sql"] for each in asked.captured_queries]

    off = statements()
    assert not [sql for sql in off if 'scoring_ward"' in sql or '"ward_id" IS NULL' in sql]
    switch(on=True)
    on = statements()
    # One look at whose patient the page is about; lists have a condition more and no statement.
    assert len(on) - len(off) <= (1 if args else 0)


def test_what_bob_saved_is_not_told_once_the_patient_is_of_another_ward() -> None:
    put(cast.alice(), "Spine 1")
    bob = put(cast.bob(), "Spine 2")
    of = cast.recorded(by=bob)
    kept = acts.outcome(of, acts.measured(3, 7), by=bob)
    switch(on=True)
    address = f"{reverse('worklist')}?saved={kept.pk}"
    client = signed_in(bob)
    assert "Saved: VAS 7" in client.get(address).content.decode()
    actions.move_patient(
        by=cast.alice(),
        patient=of.patient,
        ward=ward("Spine 1"),
        reason=REASON,
        origin=actions.NOWHERE,
    )
    assert "Wang" not in client.get(address).content.decode()
