"""The page "Table of patients": rows checked, confirmed and recorded as assessments."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from scoring import actions
from scoring.models import Assessment, AuditEvent, Patient
from scoring.web import cohort_import, cohort_rows
from tests import cast
from tests.files.tables import rows_in
from tests.importing.tables import KEY, counted, csv_of, details, row
from tests.need_to_know.wards import put, switch
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
LIVE = {"HTTP_HX_REQUEST": "true"}
GOOD = {"extent": "good_rows"}
SECOND = row(**{KEY: "OP-2", "住院号": "H200556", "姓名": "李大明", "性别": "男"})
BAD = row(**{KEY: "OP-3", "住院号": "H200557", "姓名": "赵一", "外伤史": ""})


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def sent(client: Client, table: bytes, to: str = "cohort-import", **said: str) -> HttpResponse:
    return posted(client, table, to, LIVE, said)


def posted(
    client: Client, table: bytes, to: str, headers: dict[str, str], said: dict[str, str]
) -> HttpResponse:
    data = {"key": KEY, **said, "table": SimpleUploadedFile("王小兰.csv", table)}
    return client.post(reverse(to), data, **headers)  # type: ignore[return-value, arg-type]


def checked(client: Client, table: bytes, **said: str) -> Page:
    return Page(sent(client, table, "cohort-import-check", **said))


def confirmed(client: Client, table: bytes, **said: str) -> Page:
    """Check the rows, then record them as the page offers it."""
    seen = checked(client, table, **said).value("seen")
    return Page(sent(client, table, seen=seen, **said))


def offers(page: Page, name: str) -> bool:
    """Whether the page has a control of this name."""
    return any(control.name == name for control in page.controls)


def test_shown_then_confirmed_then_recorded_once(client: Client) -> None:
    table = csv_of(row(备注="-"), SECOND | {"备注": ""})
    shown = checked(client, table)
    assert "New assessments, under your name 2" in shown.text
    assert "Hospital number 住院号 H200555 H200556" in shown.text
    assert "Columns that are not imported: 备注" in shown.text
    assert "can't be undone" in shown.text
    assert "Record 2 assessments" in shown.text
    assert (Assessment.objects.count(), Patient.objects.count()) == (0, 0)
    assert details(Action.TABLE_CHECKED) == [{"rows": 2}]
    seen = shown.value("seen")
    page = Page(sent(client, table, seen=seen))
    assert "The import is finished" in page.text
    for made in Assessment.objects.all():
        assert made.created_by == cast.alice()
        assert made.chain.report_number in page.text
        assert reverse("assessment-result", args=[made.pk]) in page.html
    assert len(details(Action.ASSESSMENT_RECORDED)) == 2
    # Sent twice, it leads to the assessments that it made.
    again = Page(sent(client, table, seen=seen))
    assert "Recorded before 2" in again.text
    assert "recorded before; stays as it is" in again.text
    assert Assessment.objects.count() == 2
    both = [counted(recorded=2), counted(already_recorded=2)]
    assert details(Action.ASSESSMENTS_IMPORTED) == both
    shown = checked(client, table)
    assert "There is nothing to record." in shown.text
    assert Assessment.objects.all()[0].chain.report_number in shown.text


def test_another_import_uses_the_key_at_this_moment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = actions.record_assessment

    def too_late(**given: Any) -> Assessment:
        monkeypatch.setattr(actions, "record_assessment", record)
        confirmed(client, csv_of(row(**{"T值": "-3.9"})))
        return record(**given)

    monkeypatch.setattr(actions, "record_assessment", too_late)
    page = confirmed(client, csv_of(row()), **GOOD)
    assert "this key was used before, with other content" in page.text
    assert [made.t_score for made in Assessment.objects.all()] == [Decimal("-3.9")]
    assert details(Action.ASSESSMENTS_IMPORTED) == [counted(recorded=1), counted(refused=1)]


def test_all_rows_or_none(client: Client) -> None:
    table = csv_of(row(), BAD)
    shown = checked(client, table)
    assert "Row 3, column 外伤史: the value is missing" in shown.text
    assert "Nothing is recorded while a row is refused" in shown.text
    assert not offers(shown, "seen")
    # A row that was right when it was checked is refused by now: somebody else was quicker.
    right = csv_of(row(), SECOND)
    seen = checked(client, right).value("seen")
    confirmed(client, csv_of(SECOND | {"T值": "-3.1"}))
    page = Page(sent(client, right, seen=seen))
    assert "Nothing was recorded" in page.text
    assert "Not recorded 2" in page.text
    assert "this key was used before" in page.text
    assert Assessment.objects.count() == 1


def test_good_rows_only_and_the_rows_to_mend(client: Client) -> None:
    table = csv_of(row(), BAD)
    page = confirmed(client, table, **GOOD)
    assert "Recorded 1" in page.text
    assert "Not recorded 1" in page.text
    to = "cohort-import-mend"
    response = sent(client, table, to, **GOOD)
    assert "no-store" in response["Cache-Control"]
    (mend,) = rows_in(b"".join(response.streaming_content).decode())  # type: ignore[attr-defined]
    assert (mend[KEY], mend["row"]) == ("OP-3", "3")
    assert mend["error"].startswith("Row 3, column 外伤史: the value is missing")
    # What is wrong still is said anew.
    again = sent(client, b"\xef\xbb\xbf" + csv_of(mend).decode("gb18030").encode(), to, **GOOD)
    assert b"".join(again.streaming_content).count(b"row,error") == 1  # type: ignore[attr-defined]
    short = csv_of(BAD).rsplit(b",", 1)[0]
    response = sent(client, short, to, **GOOD)
    (shorter,) = rows_in(b"".join(response.streaming_content).decode())  # type: ignore[attr-defined]
    assert (shorter[KEY], shorter["row"]) == ("OP-3", "2")
    # Mended, the file is imported as it is.
    said = {name: cell for name, cell in mend.items() if name in BAD} | {"外伤史": "无"}
    assert "Recorded 1" in confirmed(client, csv_of(said)).text
    assert Assessment.objects.count() == 2


def test_many_rows_are_recorded_some_at_a_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cohort_import, "SECONDS_AT_ONCE", 0)
    table = csv_of(row(), BAD, SECOND)
    page = confirmed(client, table, **GOOD)
    steps = [page]
    while offers(page, "done"):
        names = ("done", "done_recorded", "done_already_recorded", "done_refused")
        done = {name: page.value(name) for name in names}
        page = Page(sent(client, table, seen=steps[0].value("seen"), **GOOD, **done))
        steps.append(page)
    assert ["1 of 3 rows" in steps[0].text, "2 of 3 rows" in steps[1].text] == [True, True]
    assert "Recorded 2 Recorded before 0 Not recorded 1" in page.text
    # Each answer has its own rows.
    assert [re.findall("OP-[0-9]", step.text) for step in steps] == [["OP-1"], ["OP-3"], ["OP-2"]]
    assert Assessment.objects.count() == 2
    # Without htmx nobody asks for the next ones: all at once.
    changed = {KEY: "OP-4", "住院号": "H200558", "姓名": "孙五"}
    more = csv_of(row(), row(**changed))
    seen = checked(client, more, **GOOD).value("seen")
    whole = Page(posted(client, more, "cohort-import", {}, {"seen": seen, **GOOD}))
    assert "<h1>" in whole.html
    assert "Recorded 1 Recorded before 1" in whole.text


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (csv_of(SECOND), {}),
        (csv_of(row()), {"past_operations": "on"}),
        (csv_of(row()), GOOD),
        (csv_of(row()), {"key": "住院号"}),
    ],
)
def test_what_was_changed_since_the_check_is_checked_once_more(
    client: Client, table: bytes, said: dict[str, str]
) -> None:
    seen = checked(client, csv_of(row())).value("seen")
    page = Page(sent(client, table, seen=seen, **said))
    assert "Something was changed after the check" in page.text
    assert not Assessment.objects.exists()
    again = page.value("seen")
    assert again != seen
    assert "The import is finished" in Page(sent(client, table, seen=again, **said)).text


def test_key_that_does_not_tell_the_rows_apart(client: Client) -> None:
    assert "Choose the column" in checked(client, csv_of(row()), key="").text
    page = checked(client, csv_of(row(), row(**{KEY: "OP-2"}), row()), key="性别")
    assert "rows 2, 3, 4 have the same text" in page.text
    assert page.value("key") == "性别"
    assert not offers(page, "seen")
    # The same row twice is no clash.
    assert "same text" not in checked(client, csv_of(row(), row()), key=KEY).text


def test_too_many_rows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cohort_rows, "MOST_ROWS_AS_A_WHOLE", 1)
    table = csv_of(row(), SECOND)
    assert "Up to 1 rows can be recorded all together" in checked(client, table).text
    assert "Record 2 assessments" in checked(client, table, **GOOD).text
    monkeypatch.setattr(cohort_rows, "MOST_ROWS_AT_ONCE", 1)
    assert "manage.py import_assessments" in checked(client, table, **GOOD).text
    monkeypatch.setattr("scoring.web.cohort_check.MOST_ROWS_AT_ONCE", 1)
    page = Page(sent(client, table, "cohort"))
    assert "manage.py import_assessments" in page.text
    assert not offers(page, "key")


def test_columns_that_are_missing(client: Client) -> None:
    page = checked(client, csv_of(row(手术日期=None)))
    assert "The column operation_date is missing" in page.text
    assert "old Excel" in checked(client, b"\xd0\xcf\x11\xe0").text
    response = client.post(reverse("cohort-import-check"), {"key": KEY}, **LIVE)  # type: ignore[arg-type]
    assert "no file chosen" in Page(response).text


@pytest.mark.usefixtures("plausible_operations")
def test_operations_of_long_ago(client: Client) -> None:
    page = checked(client, csv_of(row()))
    said = "lies more than 90 days back. If that is right in the whole table, tick so above"
    assert said in page.text
    past = {"past_operations": "on"}
    assert "The import is finished" in confirmed(client, csv_of(row()), **past).text


def test_whose_patients_are_seen_and_who_may_import(client: Client) -> None:
    put(cast.alice(), "Spine 1")
    confirmed(client, csv_of(row()))
    report = Assessment.objects.get().chain.report_number
    put(cast.alice(), "Spine 2")
    switch(on=True)
    page = checked(client, csv_of(row()))
    assert "another ward" in page.text
    assert report not in page.text
    response = sent(signed_in(cast.rita()), csv_of(row()))
    assert response.status_code == 403


def test_whom_an_error_tells_of_is_in_the_access_log(client: Client) -> None:
    confirmed(client, csv_of(row()))
    checked(client, csv_of(row(**{KEY: "OP-2", "住院号": "H200777"})))
    assert len(details(Action.PATIENT_LOOKED_UP)) == 1
