"""The file: what is filtered, harmless in a spreadsheet, and without identifiers where asked."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.test import Client, override_settings

from scoring.models import Assessment, AuditEvent, Outcome, Patient, User
from scoring.queries import HistoryFilter
from scoring.report import csv_file
from tests import cast
from tests.history.ward import seeded
from tests.life import acts
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
EXPORT = "/history/export"


@pytest.fixture
def client() -> Client:
    return signed_in(cast.rita())


def _text(client: Client, query: str = "", identifiers: str = "with") -> str:
    response = client.post(f"{EXPORT}?{query}", {"identifiers": identifiers})
    assert response.status_code == 200
    assert response.streaming
    return response.getvalue().decode()


def _rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_worked_example(client: Client) -> None:
    cast.recorded()
    (row,) = _rows(_text(client))
    expected = {
        "version": "1",
        "state": "final",
        "hospital_number": "H100234",
        "family_name": "Wang",
        "birth_date": "1944-07-14",
        "operation_date": "2025-03-13",
        "operation_time": "",
        "assessed_by": "Dr Alice Moore",
        "age_years": "80",
        "t_score": "-2",
        "dxa_date": "2025-03-10",
        "trauma_history": "yes",
        "pdw_fl": "12.8",
        "chloride_mmol_l": "105",
        "mvh_restored": "no",
        "points_age": "19",
        "points_pdw": "23.596",
        "not_restored_total_points": "183.886",
        "restored_risk": "",
        "residual_back_pain": "pending",
        "model_identifier": "rong-2025",
    }
    assert {name: row[name] for name in expected} == expected
    assert float(row["not_restored_risk"]) == pytest.approx(0.761, abs=2e-3)


@pytest.mark.parametrize("identifiers", ["with", "without"])
def test_an_outcome_goes_with_its_assessment_to_another_patient(
    client: Client, identifiers: str
) -> None:
    moved = cast.recorded()
    acts.amended(moved, patient=cast.registered("H7", family_name="Zhao"))
    acts.outcome(moved, acts.measured(3, 9))
    rows = {row["version"]: row for row in _rows(_text(client, identifiers=identifiers))}
    columns = ("vas_day_3", "vas_day_30", "day_3", "day_30", "residual_back_pain")
    assert [rows["2"][name] for name in columns] == ["9", "", "measured", "open", "pending"]
    assert [rows["1"][name] for name in columns] == ["", "", "", "", "not_counted"]


def test_a_provisional_one_has_both_risks(client: Client) -> None:
    cast.recorded(entry=cast.before_the_radiograph())
    (row,) = _rows(_text(client))
    assert (row["state"], row["mvh_restored"], row["points_mvh"]) == ("provisional", "", "")
    assert float(row["restored_risk"]) < float(row["not_restored_risk"])


def test_the_page_says_that_an_age_of_97_stays_in_the_file(client: Client) -> None:
    born = date(cast.OPERATION.year - 97, 1, 1)
    cast.recorded(cast.person(birth_date=born))
    (row,) = _rows(_text(client, identifiers="without"))
    assert row["age_years"] == "97"
    # Nothing else of the patient's is exact: no number of the report, no date.
    assert not any(re.fullmatch(r"RBP-.*|\d{4}-\d\d-\d\d.*|H\d+", cell) for cell in row.values())
    said = Page(client.get("/history")).text
    assert "Ages of 90 and more stay in the file; treat it as patient data." in said


def test_what_is_filtered_is_what_is_exported(client: Client) -> None:
    rows = seeded(250)
    for query, chosen in (
        ("", HistoryFilter()),
        ("outcome=yes", HistoryFilter(outcome="yes")),
        ("population=outside&outcome=no", HistoryFilter(population="outside", outcome="no")),
    ):
        exported = _rows(_text(client, query))
        expected = [(a.patient.hospital_number, str(a.version)) for a in chosen.found()]
        assert [(row["hospital_number"], row["version"]) for row in exported] == expected
        without = _rows(_text(client, query, "without"))
        assert len(without) == len(expected)
    assert len(_rows(_text(client))) == len(rows)


def test_a_search_text_is_heeded(client: Client) -> None:
    cast.recorded()
    cast.recorded(cast.person("H9", family_name="Li"))
    query = client.post("/history", {"q": "wang"}).headers["Location"].partition("?")[2]
    assert [row["hospital_number"] for row in _rows(_text(client, query))] == ["H100234"]


@pytest.mark.parametrize("query", ["state=lost", "search=forgotten", "assessed_from=x"])
def test_nothing_is_exported_for_a_wrong_address(client: Client, query: str) -> None:
    cast.recorded()
    response = client.post(f"{EXPORT}?{query}", {"identifiers": "with"})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/history?{query}"
    assert not AuditEvent.objects.filter(action="history_exported").exists()


def test_it_is_posted_guarded_logged_and_not_kept(client: Client) -> None:
    cast.recorded()
    assert client.get(EXPORT).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.rita())
    assert strict.post(EXPORT).status_code == 403
    response = client.post(f"{EXPORT}?state=final", {"identifiers": "without"})
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "without-identifiers.csv" in response.headers["Content-Disposition"]
    event = AuditEvent.objects.get(action="history_exported")
    assert event.detail == {"text": "", "state": "final", "identifiers": "without"}
    # Without a word about identifiers there are none.
    assert "H100234" not in _text(client, identifiers="")
    page = Page(client.get("/history?state=final"))
    assert 'action="/history/export?state=final"' in page.html


def _identifying(patients: list[Patient]) -> Iterator[str]:
    for patient in patients:
        yield patient.hospital_number
        yield str(patient.pk)
        yield patient.pk.hex
        if len(patient.family_name + patient.given_name) > 3:
            yield from (patient.family_name, patient.given_name, patient.search_name)


def _dates_of(rows: list[Assessment]) -> set[date]:
    names = ("birth_date", "operation_date", "dxa_date", "mri_date", "pdw_date", "radiograph_date")
    found = {getattr(row, name) for row in rows for name in names}
    found |= {row.created_at.date() for row in rows} | {row.patient.birth_date for row in rows}
    return {day for day in found if isinstance(day, date)}


def test_without_identifiers_there_are_none(client: Client) -> None:
    rows = [*seeded(300), cast.recorded(cast.person("QX-77001", family_name="Zzyzx"))]
    cast.next_version(rows[-1], reason="Zzyzx was mistaken for QX-77001")
    text = _text(client, identifiers="without")
    cells = {cell for row in _rows(text) for cell in row.values()}
    words = {word for cell in cells for word in cell.replace("_", " ").split()}
    for secret in _identifying(list(Patient.objects.all())):
        assert secret not in cells
        if len(secret) > 5:
            assert secret not in text, secret
    assert not words & {p.family_name for p in Patient.objects.all() if len(p.family_name) > 1}
    for row in rows:
        for secret in (str(row.pk), row.pk.hex, str(row.chain_id), row.chain_id.hex):
            assert secret not in text
        assert row.chain.report_number not in text
    for user in User.objects.all():
        assert user.display_name not in text
    assert "Zzyzx" not in text
    for day in _dates_of(rows):
        for form in ("%Y-%m-%d", "%d.%m.%Y", "%d-%b-%Y", "%Y%m%d"):
            assert day.strftime(form) not in cells
        assert day.isoformat() not in text
    assert not [name for name in _rows(text)[0] if name.endswith(("_date", "_at", "_time"))]
    assert Outcome.objects.exists()


def test_pseudonyms_are_stable_and_keyed(client: Client) -> None:
    first = cast.recorded()
    cast.next_version(first)
    cast.recorded(first.patient)
    cast.recorded(cast.person("H9"))
    rows = _rows(_text(client, identifiers="without"))
    assert len({row["patient_pseudonym"] for row in rows}) == 2
    assert len({row["assessment_pseudonym"] for row in rows}) == 3
    again = _rows(_text(client, identifiers="without"))
    assert rows == again
    with override_settings(SECRET_KEY="another secret key"):
        other = csv_file.patient_pseudonym(first.patient_id)
    assert other not in {row["patient_pseudonym"] for row in rows}
    assert csv_file.patient_pseudonym(first.pk) != csv_file.assessment_pseudonym(first.pk)


def test_days_from_the_operation(client: Client) -> None:
    cast.recorded()
    (row,) = _rows(_text(client, identifiers="without"))
    assert row["dxa_days_from_operation"] == "-3"
    assert row["radiograph_days_from_operation"] == "1"
    assert row["mri_days_from_operation"] == "-1"
    assert int(row["assessed_days_from_operation"]) > 300


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "｜"]
)
def test_texts_are_no_formulas(client: Client, start: str) -> None:
    name = f'{start}HYPERLINK("http://x","a")'
    cast.recorded(cast.person("H1", family_name=name, given_name="Ann, =1+1"))
    (row,) = _rows(_text(client).replace("\r\n", "\n") if start == "\r" else _text(client))
    assert row["family_name"].startswith("'")
    assert row["given_name"] == "Ann, =1+1"
    assert row["t_score"] == "-2"


def test_csv_cells() -> None:
    assert csv_file.text("") == ""
    assert csv_file.text("Wang") == "Wang"
    assert csv_file.text("=1") == "'=1"
    assert [csv_file.csv_number(v) for v in (None, -3.5, 0.0, 100.0, 183.88600000000002, 1e-5)] == [
        *("", "-3.5", "0", "100", "183.886", "0.00001"),
    ]
    assert [csv_file.csv_yes_no(v) for v in (None, True, False)] == ["", "yes", "no"]
    assert csv_file.moment(datetime.fromisoformat("2026-03-14T01:42:00+00:00")) == (
        "2026-03-14T09:42:00+08:00"
    )


def test_it_streams() -> None:
    seeded(450)
    taken = 0

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal taken
        layout = csv_file.DE_IDENTIFIED
        for row in HistoryFilter().streamed(layout.sources):
            taken += 1
            yield row

    lines = csv_file.DE_IDENTIFIED.lines(rows())
    next(lines)
    assert taken == csv_file.ROWS_AT_ONCE
    assert sum(piece.count("\r\n") for piece in lines) == 450 - csv_file.ROWS_AT_ONCE
