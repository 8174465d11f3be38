"""A corrected identity: old and new on record with the reason, found by the new name."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from scoring.models import AuditEvent, Patient, PatientCorrection
from scoring.report import Sheet
from scoring.report.chart_note import chart_note
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
REASON = "misspelt at admission"
PAGE = "patient-correct"


@pytest.fixture
def patient() -> Patient:
    return cast.registered()


def _correct(client: Client, patient: Patient, **changes: str) -> Patient:
    data = browse.filled(client, PAGE, patient, reason=REASON) | changes
    led = browse.led_to(browse.sent(client, PAGE, patient, data))
    assert led == browse.address("patient-detail", patient)
    return Patient.objects.get(pk=patient.pk)


def _refused(client: Client, patient: Patient, **changes: str) -> Page:
    data = browse.filled(client, PAGE, patient, reason=REASON) | changes
    response = browse.sent(client, PAGE, patient, data)
    assert response.status_code == 422
    page = Page(response)
    for name, value in (data | changes).items():
        if name != "revision":
            assert page.value(name) == value, name
    return page


def test_the_form_opens_with_what_is_on_record(client: Client, patient: Patient) -> None:
    shown = browse.as_shown(browse.opened(client, PAGE, patient))
    token = shown.pop("form_token")
    assert token
    assert shown == {
        "hospital_number": "H100234",
        "family_name": "Wang",
        "given_name": "Xiulan",
        "birth_date": "14-Jul-1944",
        "sex": "female",
        "revision": "0",
        "reason": "",
    }


def test_old_and_new_stay_on_record(client: Client, patient: Patient) -> None:
    now = _correct(
        client,
        patient,
        hospital_number=" h７７ ",
        family_name="  Li  Wang ",
        given_name="Na",
        birth_date="01-Feb-1950",
        sex="male",
    )
    assert (now.hospital_number, str(now), now.birth_date, now.sex, now.revision) == (
        "H77",
        "Li Wang, Na",
        date(1950, 2, 1),
        "male",
        1,
    )
    kept = PatientCorrection.objects.get()
    assert (kept.old_hospital_number, kept.new_hospital_number) == ("H100234", "H77")
    assert (kept.old_family_name, kept.new_family_name) == ("Wang", "Li Wang")
    assert (kept.old_birth_date, kept.new_birth_date) == (cast.BORN, date(1950, 2, 1))
    assert (kept.old_sex, kept.new_sex) == ("female", "male")
    assert (kept.reason, kept.created_by_name) == (REASON, "Dr Alice Moore")
    for name in ("patient-detail", PAGE):
        (row,) = browse.rows(browse.opened(client, name, patient), "h-corrections")
        assert row[0].endswith("Dr Alice Moore")
        assert row[1:] == [
            "H100234 · Wang, Xiulan · 14-Jul-1944 · Female",
            "H77 · Li Wang, Na · 01-Feb-1950 · Male",
            REASON,
        ]


def test_the_search_finds_old_and_new_names_and_numbers(client: Client, patient: Patient) -> None:
    cast.recorded(patient)
    _correct(client, patient, family_name="王", given_name="秀兰", hospital_number="H77")
    for words in ("王", "秀", "h77", "wang", "xiul", "h100", "H100234"):
        page = Page(client.post("/history", {"q": words}, follow=True))
        assert ">H77</span></td>" in page.html, words
    assert ">H77</span></td>" not in Page(client.post("/history", {"q": "zhao"}, follow=True)).html
    assert "H77" in Page(client.post("/patients/lookup", {"hospital_number": "H77"})).text


def test_names_and_birth_dates_can_become_known_or_unknown(
    client: Client, patient: Patient
) -> None:
    now = _correct(
        client, patient, family_name="", given_name="", name_not_known="on", birth_date="",
        birth_date_not_known="on", sex="not_known",
    )  # fmt: skip
    assert (str(now), now.birth_date) == ("Name not known", None)
    shown = browse.as_shown(browse.opened(client, PAGE, patient))
    assert shown["name_not_known"] == shown["birth_date_not_known"] == "on"
    shown |= {"family_name": "Wang", "birth_date": "14-Jul-1944", "reason": "relatives came"}
    del shown["name_not_known"], shown["birth_date_not_known"]
    browse.led_to(browse.sent(client, PAGE, patient, shown))
    assert Patient.objects.get().birth_date == cast.BORN
    rows = browse.rows(browse.opened(client, PAGE, patient), "h-corrections")
    assert [row[3] for row in rows] == ["relatives came", REASON]


def test_the_number_of_somebody_else_says_who_it_is(client: Client, patient: Patient) -> None:
    other = cast.registered("H9", family_name="Zhao")
    page = _refused(client, patient, hospital_number="H9")
    (said,) = page.beside("hospital_number")
    assert (
        "this number belongs to Zhao, Xiulan. To move an assessment to this patient, amend the "
        "assessment." in said
    )
    assert not PatientCorrection.objects.exists()
    assert Patient.objects.get(pk=other.pk).revision == 0


def test_where_nothing_differs_nothing_is_corrected(client: Client, patient: Patient) -> None:
    page = _refused(client, patient, hospital_number="ｈ100234", family_name="Wang ")
    (said,) = page.beside("hospital_number")
    assert "nothing was changed." in said
    assert not PatientCorrection.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("reason", " ", "a reason is needed"),
        ("hospital_number", "", "the hospital number is needed"),
        ("hospital_number", "H1;x", "allowed are letters, digits"),
        ("family_name", "", "tick “Name not known”"),
        ("birth_date", "31-Dec-1899", "allowed is 01-Jan-1900 to today"),
        ("birth_date", cast.from_today(1), "allowed is 01-Jan-1900 to today"),
        ("birth_date", "", "tick “Date of birth not known”"),
        ("birth_date", "14/7/44", "enter a date such as"),
    ],
)
def test_what_cannot_be_is_refused_with_all_kept(
    client: Client, patient: Patient, field: str, typed: str, said: str
) -> None:
    page = _refused(client, patient, **{field: typed})
    assert any(said in error for error in page.beside(field)), page.beside(field)
    assert Patient.objects.get().revision == 0


def test_nobody_is_born_after_being_put_on_record(client: Client) -> None:
    with pytest.MonkeyPatch.context() as patch:
        long_ago = timezone.now() - timedelta(days=30)
        patch.setattr("django.utils.timezone.now", lambda: long_ago)
        patient = cast.registered("H30")
    page = _refused(client, patient, birth_date=cast.from_today(-2))
    assert any("after the patient's first record" in e for e in page.beside("birth_date"))


def test_somebody_else_corrected_it_meanwhile(
    client: Client, bobs: Client, patient: Patient
) -> None:
    mine = browse.filled(client, PAGE, patient, given_name="Xiulian", reason=REASON)
    _correct(bobs, patient, given_name="Xiu Lan")
    response = browse.sent(client, PAGE, patient, mine)
    assert response.status_code == 409
    page = Page(response)
    assert "Somebody else corrected this identity while you were editing it" in page.text
    assert "Wang, Xiu Lan" in page.text
    assert page.html.count('id="summary"') == 1
    again = browse.as_shown(page)
    assert again == mine | {"revision": "1"}
    assert Patient.objects.get().given_name == "Xiu Lan"
    browse.led_to(browse.sent(client, PAGE, patient, again))
    assert Patient.objects.get().given_name == "Xiulian"
    assert [c.new_given_name for c in PatientCorrection.objects.order_by("revision")] == [
        "Xiu Lan",
        "Xiulian",
    ]


def test_a_refused_entry_in_between_does_not_hide_the_conflict(
    client: Client, bobs: Client, patient: Patient
) -> None:
    """The page shown after a wrong entry still belongs to the identity first seen."""
    mine = browse.filled(client, PAGE, patient, given_name="Xiulian", reason="")
    _correct(bobs, patient, given_name="Xiu Lan")
    response = browse.sent(client, PAGE, patient, mine)
    assert response.status_code == 422
    again = browse.as_shown(Page(response)) | {"reason": REASON}
    assert again["revision"] == "0"
    assert browse.sent(client, PAGE, patient, again).status_code == 409
    assert Patient.objects.get().given_name == "Xiu Lan"


@pytest.mark.parametrize("revision", ["", "x", "-1", "7", "99999999999"])
def test_a_made_up_revision_corrects_nothing(
    client: Client, patient: Patient, revision: str
) -> None:
    data = browse.filled(client, PAGE, patient, given_name="Na", reason=REASON)
    response = browse.sent(client, PAGE, patient, data | {"revision": revision})
    assert response.status_code in {409, 422}
    assert Patient.objects.get().revision == 0


@pytest.mark.slow
def test_results_made_with_another_birth_date_say_so(client: Client, patient: Patient) -> None:
    of = cast.recorded(patient)
    superseded = cast.recorded(patient)
    current = acts.amended(superseded)
    _correct(client, patient, birth_date="14-Jul-1934")
    caution = "he date of birth was corrected later. This result was made with 14-Jul-1944"
    for version in (of, current, superseded):
        page = browse.opened(client, "assessment-result", version).text
        assert caution in page
        assert ("Amend it to use the corrected age." in page) is (version != superseded)
        assert caution in browse.printed(client, version)
        assert caution in chart_note(Sheet(acts.read(version.pk)))
    assert browse.opened(client, "patient-detail", patient).text.count(caution) == 2
    # What was made with the corrected date is in order.
    assert caution not in browse.opened(client, "assessment-result", cast.recorded(
        Patient.objects.get()
    )).text  # fmt: skip


def test_the_report_shows_who_the_patient_is_now(client: Client, patient: Patient) -> None:
    of = cast.recorded(patient)
    _correct(client, patient, given_name="Xiulian")
    said = browse.printed(client, of)
    assert "Wang, Xiulian" in said
    assert "Xiulan" not in said


def test_it_is_a_line_in_the_access_log(client: Client, patient: Patient) -> None:
    _correct(client, patient, hospital_number="H77")
    event = AuditEvent.objects.get(action=AuditEvent.Action.PATIENT_CORRECTED)
    assert (event.actor, event.patient_id, event.hospital_number) == ("alice", patient.pk, "H77")
    assert event.detail.pop("record")
    assert event.detail == {"revision": 1, "reason": REASON}
