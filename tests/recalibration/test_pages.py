"""From the validation to an active version, as two reviewers do it."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import AuditEvent, Recalibration, Role
from tests import cast
from tests.recalibration.local import REASON, approved, instead_of_the_record, proposed
from tests.same_moment import at_once
from tests.web.html import Page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]
PROPOSE = "/validation/recalibration"
Cohorts = Callable[..., None]


@pytest.fixture
def client() -> Client:
    return signed_in(cast.rita())


@pytest.fixture
def second() -> Client:
    return signed_in(cast.account("ruth", "Ruth Second", Role.REVIEWER))


@pytest.fixture
def cohorts(monkeypatch: pytest.MonkeyPatch) -> Cohorts:
    """Puts a hospital's outcomes in place of those on record."""
    return partial(instead_of_the_record, monkeypatch)


def _said(client: Client, address: str) -> str:
    return Page(client.get(address, follow=True)).text


def test_two_people_make_a_version_active(client: Client, second: Client, cohorts: Cohorts) -> None:
    cohorts()
    offered = client.get(f"{PROPOSE}?population=as_study&operated_from=01-Jan-2025")
    page = Page(offered)
    assert "intercept and slope" in page.text
    assert "operated from 01-Jan-2025 on" in page.text
    assert not Recalibration.objects.exists()
    token = str(offered.context["form"]["form_token"].value())
    sent = client.post(
        f"{PROPOSE}?population=as_study&operated_from=01-Jan-2025", {"form_token": token}
    )
    kept = Recalibration.objects.get()
    detail = reverse("recalibration-detail", args=[kept.pk])
    assert sent["Location"] == detail
    assert (kept.population, str(kept.operated_from), kept.operated_to) == (
        "as_study",
        "2025-01-01",
        None,
    )
    own = Page(client.get(detail))
    assert "You proposed this version" in own.text
    seen = Page(second.get(detail))
    assert "Needs approval by a second person" in seen.text
    form = second.get(detail).context["form"]
    decision = {"form_token": str(form["form_token"].value()), "decision": "approved"}
    decide = reverse("recalibration-decide", args=[kept.pk])
    missing = second.post(decide, decision)
    assert missing.status_code == 422
    assert "a reason is needed" in Page(missing).text
    assert second.post(decide, decision | {"reason": REASON})["Location"] == detail
    assert Recalibration.active() == kept
    made = cast.recorded()
    listed = _said(second, "/history?model=recalibrated/1")
    assert made.patient.hospital_number in listed
    assert "made with it" in _said(second, reverse("model-versions"))
    actions = list(
        AuditEvent.objects.filter(action__startswith="recalibration")
        .order_by("id")
        .values_list("actor", "action")
    )
    assert actions == [("rita", "recalibration_proposed"), ("ruth", "recalibration_approved")]


def test_the_proposer_is_told(client: Client) -> None:
    kept = proposed(by=cast.rita())
    form = client.get(reverse("recalibration-detail", args=[kept.pk])).context["form"]
    sent = client.post(
        reverse("recalibration-decide", args=[kept.pk]),
        {
            "form_token": str(form["form_token"].value()),
            "decision": "approved",
            "reason": REASON,
        },
    )
    assert sent.status_code == 422
    told = sent.context["errors"][0]
    assert (told.anchor, told.label) == ("main", "")
    assert re.search(
        r'href="#main"\s*>\s*You proposed this version, so somebody else must approve it',
        sent.content.decode(),
    )
    assert REASON in sent.content.decode()


def test_what_was_decided_meanwhile(second: Client) -> None:
    kept = approved()
    form = second.get(reverse("recalibration-detail", args=[kept.pk])).context["form"]
    sent = second.post(
        reverse("recalibration-decide", args=[kept.pk]),
        {
            "form_token": str(form["form_token"].value()),
            "decision": "rejected",
            "reason": REASON,
        },
        follow=True,
    )
    assert "Somebody else has already decided this" in Page(sent).text
    assert kept.state == "approved"


@pytest.mark.parametrize(
    ("cohort", "query", "said"),
    [
        ((-0.6, 0.7, 200), "", "Nothing can be recalibrated: "),
        ((-0.6, 0.7, 1500), "patients=synthetic", "Synthetic patients are made up"),
    ],
)
def test_whom_nothing_is_recalibrated_on(
    client: Client, cohorts: Cohorts, cohort: tuple[float, float, int], query: str, said: str
) -> None:
    cohorts(*cohort)
    sent = client.get(f"{PROPOSE}?{query}")
    assert sent.status_code == 302
    assert sent["Location"].startswith(reverse("validation"))
    kept = [str(message) for message in client.get("/about").context["messages"]]
    assert any(message.startswith(said) for message in kept)


def test_a_model_that_fits_offers_nothing(client: Client, cohorts: Cohorts) -> None:
    cohorts(0.0, 1.0)
    page = Page(client.get(PROPOSE))
    assert "The published curve fits these outcomes" in page.text
    assert "Propose this version" not in page.text


def test_without_the_permission(cohorts: Cohorts) -> None:
    cohorts()
    kept = approved()
    plain = signed_in(cast.alice())
    for address in (PROPOSE, "/models", reverse("recalibration-detail", args=[kept.pk])):
        assert plain.get(address).status_code == 403
    assert plain.post(reverse("recalibration-decide", args=[kept.pk])).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_the_second_is_told(second: Client) -> None:
    third = signed_in(cast.account("theo", "Theo Third", Role.REVIEWER))
    kept = proposed()
    detail = reverse("recalibration-detail", args=[kept.pk])
    sent = [
        {
            "form_token": str(client.get(detail).context["form"]["form_token"].value()),
            "decision": decision,
            "reason": REASON,
        }
        for client, decision in ((second, "approved"), (third, "rejected"))
    ]

    def decide(client: Client, data: dict[str, str]) -> str:
        client.post(reverse("recalibration-decide", args=[kept.pk]), data)
        return _said(client, detail)

    said, _refused = at_once([partial(decide, second, sent[0]), partial(decide, third, sent[1])])
    told = ["Somebody else has already decided this" in text for text in said]
    assert sorted(told) == [False, True]
    winner = sent[told.index(False)]["decision"]
    assert [each.decision for each in kept.decisions.all()] == [winner]
