"""Every form that writes carries a one-time token: sent twice, it does its work once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.test.html import Element
from django.urls import reverse

from scoring.models import Assessment, AuditEvent, Outcome, Patient, PatientCorrection
from tests import cast
from tests.life import acts, browse, record
from tests.web.html import Page, elements

pytestmark = pytest.mark.django_db
# Forms that write nothing about a patient.
OTHERS = {
    reverse(name)
    for name in ("sign-out", "language", "history", "history-export", "patients", "password-change")
}
WARNING = "This form was already saved, as you see it here."


@dataclass(frozen=True)
class Form:
    """A page with a form that writes: how it is reached, what is entered, what is changed."""

    name: str
    opens: Callable[[], Assessment | Patient | None]
    entered: dict[str, str]
    changed: dict[str, str]
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the page is; makes what has to be on record for it."""
        of = self.opens()
        return reverse(self.name) if of is None else browse.address(self.name, of)


TOO_LONG = {"reason": "x" * 501}
DAY_3 = cast.written(cast.OPERATION + timedelta(days=3))


def _with_outcome() -> Assessment:
    of = cast.recorded()
    acts.outcome(of, acts.measured(30, 2))
    return of


FORMS = [
    Form(
        "assessment-new",
        lambda: None,
        {name: value for name, value in cast.form_data().items() if name != "form_token"},
        {"chloride_mmol_l": "96"},
    ),
    Form("assessment-complete", acts.provisional, {"mvh_restored": "no"}, {"mvh_restored": "yes"}),
    Form("assessment-amend", cast.recorded, {"pdw_fl": "9", "reason": "r"}, {"pdw_fl": "10"}),
    Form(
        "assessment-amend",
        cast.recorded,
        {"reason": "moved", "confirmed": "move H8"} | browse.NEW_PATIENT,
        {"sex": "male"},
    ),
    Form("assessment-void", cast.recorded, {"reason": "r"}, {"reason": "s"}),
    Form(
        "assessment-reinstate",
        lambda: acts.voided(cast.recorded()),
        {"reason": "r"},
        {"reason": "s"},
    ),
    Form("assessment-no-radiograph", acts.provisional, {"reason": "r"}, {"reason": "s"}, TOO_LONG),
    Form("assessment-cancel", acts.provisional, {"reason": ""}, {"reason": "s"}, TOO_LONG),
    Form(
        "assessment-resume",
        lambda: acts.cancelled(acts.provisional()),
        {"reason": "r"},
        {"reason": ""},
        TOO_LONG,
    ),
    Form("outcome-day-3", cast.recorded, {"vas": "5", "measured_on": DAY_3}, {"vas": "7"}),
    Form(
        "outcome-day-30",
        _with_outcome,
        {"vas": "5", "measured_on": "12-Apr-2025", "reason": "r"},
        {"measured_on": "13-Apr-2025"},
    ),
    Form("patient-correct", cast.registered, {"given_name": "Na", "reason": "r"}, {"sex": "male"}),
]
EACH = pytest.mark.parametrize(
    "form", FORMS, ids=[f"{form.name} {'&'.join(form.changed)}" for form in FORMS]
)


def _posting(page: Page) -> list[Element]:
    """The forms of a page that are posted."""
    forms = [e for e in elements(page.root) if e.name == "form"]
    return [e for e in forms if (dict(e.attributes).get("method") or "").lower() == "post"]


def _names(form: Element) -> dict[str, str]:
    found = [dict(e.attributes) for e in elements(form) if e.name == "input"]
    return {str(a.get("name")): str(a.get("value") or "") for a in found}


def _things() -> tuple[int, ...]:
    """How many things are on record; looking at pages adds lines to the log only."""
    rows = record.everything()
    return tuple(len(rows[table]) for table in record.TABLES if table != "scoring_auditevent")


def _done() -> list[str]:
    looked = ["assessment_viewed", "patient_viewed", "patient_looked_up", "sign_in"]
    events = AuditEvent.objects.exclude(action__in=looked).order_by("id")
    return list(events.values_list("action", flat=True))


def _write(client: Client, form: Form) -> tuple[str, dict[str, str], str]:
    """Open, fill in and send: the address, what was sent and the page it led to."""
    at = form.address
    data = browse.as_shown(Page(client.get(at))) | form.entered
    return at, data, browse.led_to(client.post(at, data))


@EACH
def test_the_form_carries_a_fresh_token_each_time(client: Client, form: Form) -> None:
    at = form.address
    pages = [Page(client.get(at)) for _ in range(2)]
    tokens = set()
    for page in pages:
        (writing,) = [f for f in _posting(page) if dict(f.attributes).get("action") not in OTHERS]
        tokens.add(UUID(_names(writing)["form_token"]))
        assert "csrfmiddlewaretoken" in _names(writing)
        assert "data-once" in dict(writing.attributes)
    assert len(tokens) == 2


def test_no_other_page_has_a_form_that_writes(client: Client) -> None:
    of = acts.provisional()
    addresses = ["/", "/history", "/about", "/password"]
    addresses += [browse.address("assessment-result", of), f"/patients/{of.patient_id}"]
    for at in addresses:
        for form in _posting(Page(client.get(at))):
            action = dict(form.attributes).get("action") or at
            assert action in OTHERS, (at, action)


@EACH
def test_sent_twice_it_makes_one_record(client: Client, form: Form) -> None:
    at, data, first = _write(client, form)
    things, done = _things(), _done()
    for _ in range(2):
        assert browse.led_to(client.post(at, data)) == first
    assert (_things(), _done()) == (things, done)
    assert not [said for said in browse.messages(client, first) if WARNING in said]


@EACH
def test_sent_again_with_changes_it_says_that_they_are_not_saved(
    client: Client, form: Form
) -> None:
    at, data, first = _write(client, form)
    things = _things()
    browse.messages(client, first)
    assert browse.led_to(client.post(at, data | form.changed)) == first
    assert _things() == things
    (said,) = browse.messages(client, first)
    assert said.startswith(WARNING)
    # Said once, where it happened.
    assert browse.messages(client, first) == []


@EACH
def test_sent_again_by_a_colleague_it_makes_nothing_either(
    client: Client, bobs: Client, form: Form
) -> None:
    at, data, first = _write(client, form)
    things = _things()
    assert browse.led_to(bobs.post(at, data)) == first
    assert _things() == things


@EACH
def test_a_refused_form_keeps_its_token_and_can_be_mended(client: Client, form: Form) -> None:
    at = form.address
    shown = browse.as_shown(Page(client.get(at)))
    things = _things()
    refused = client.post(at, {"form_token": shown["form_token"]} | form.refused)
    assert refused.status_code == 422
    assert Page(refused).value("form_token") == shown["form_token"]
    assert _things() == things
    browse.led_to(client.post(at, shown | form.entered))
    assert _things() != things


@EACH
def test_without_a_token_nothing_is_written(client: Client, form: Form) -> None:
    at = form.address
    data = browse.as_shown(Page(client.get(at))) | form.entered
    things = _things()
    for token in ("", "x", "\x00"):
        assert client.post(at, data | {"form_token": token}).status_code == 422
    del data["form_token"]
    assert client.post(at, data).status_code == 422
    assert _things() == things


def test_sent_again_for_another_patient_it_says_so(client: Client) -> None:
    """The back button and a corrected hospital number: the first patient's result, with a word."""
    form = FORMS[0]
    at, data, first = _write(client, form)
    assert browse.led_to(client.post(at, data | {"hospital_number": "H999"})) == first
    *_saved, said = browse.messages(client, first)
    assert said.startswith(WARNING)
    assert (Assessment.objects.count(), Patient.objects.count()) == (1, 1)


def test_sent_again_after_others_went_on_it_still_leads_to_what_it_made(client: Client) -> None:
    of = cast.recorded()
    data = browse.filled(client, "assessment-amend", of, pdw_fl="9", reason="r")
    first = browse.led_to(browse.sent(client, "assessment-amend", of, data))
    made = acts.read(Assessment.objects.get(version=2).pk)
    acts.voided(acts.amended(made, by=cast.bob()))
    assert browse.led_to(browse.sent(client, "assessment-amend", of, data)) == first
    assert Assessment.objects.count() == 4
    assert (Outcome.objects.count(), PatientCorrection.objects.count()) == (0, 0)
