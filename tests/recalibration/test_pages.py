"""From the validation to an active version, as two reviewers do it."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from scoring.evaluation.local import OutcomeCohort, Standing
from scoring.models import AuditEvent, Recalibration, Role
from scoring.nomogram import risk_at
from scoring.queries import CohortFilter
from scoring.statistics.logistic import risk_of_logit
from tests import cast
from tests.recalibration.local import REASON, approved, proposed
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
PROPOSE = "/validation/recalibration"
Cohorts = Callable[..., None]


@pytest.fixture
def client() -> Client:
    return signed_in(cast.rita())


@pytest.fixture
def second() -> Client:
    return signed_in(cast.account("ruth", "Ruth Second", Role.REVIEWER))


@lru_cache(maxsize=4)
def _cohort(intercept: float, slope: float, n: int) -> OutcomeCohort:
    rng = np.random.default_rng(11)
    points = rng.normal(140, 35, n)
    risk = np.asarray(risk_at(points))
    event = rng.random(n) < risk_of_logit(intercept + slope * np.log(risk / (1 - risk)))
    nothing, no = np.full(n, np.nan), np.zeros(n, dtype=bool)
    return OutcomeCohort(
        standing=np.full(n, Standing.ANALYSED, dtype=np.int16),
        event=event,
        risk=risk,
        age_years=nothing,
        t_score=nothing,
        pdw_fl=nothing,
        chloride_mmol_l=nothing,
        trauma_history=no,
        posterior_fascia_edema=no,
        mvh_restored=no,
        overdue=no,
        corrected_since=no,
        patient=np.arange(n, dtype=np.int64),
        operation_day=np.zeros(n, dtype=np.int32),
    )


@pytest.fixture
def cohorts(monkeypatch: pytest.MonkeyPatch) -> Cohorts:
    """Puts a hospital's outcomes in place of those on record."""

    def put(intercept: float = -0.6, slope: float = 0.7, n: int = 1500) -> None:
        def found(_narrowed: CohortFilter) -> OutcomeCohort:
            return _cohort(intercept, slope, n)

        monkeypatch.setattr("scoring.queries.validation_cohort", found)
        monkeypatch.setattr("scoring.web.recalibrations.RESAMPLES", 20)

    return put


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
    assert "waits for a second person" in seen.text
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
    assert "You proposed this version: somebody else approves it." in Page(sent).text
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
    assert "This was decided meanwhile" in Page(sent).text
    assert kept.state == "approved"


@pytest.mark.parametrize(
    ("cohort", "query", "said"),
    [
        ((-0.6, 0.7, 200), "", "Nothing can be recalibrated: "),
        ((-0.6, 0.7, 1500), "patients=synthetic", "Synthetic patients were made up"),
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
