"""``manage.py import_assessments``: rows of a table as the form would record them."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.management.base import CommandError
from django.utils import timezone

from scoring import queries
from scoring.models import Assessment, AuditEvent, Patient
from scoring.models.codes import State
from tests import cast
from tests.importing.tables import KEY, Importing, counted, csv_of, lines, outcomes, row
from tests.need_to_know.wards import put, switch

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


def test_a_row_is_what_the_form_would_record(importing: Importing) -> None:
    (line,) = importing(csv_of(row()))
    assessment = Assessment.objects.get()
    assert line == {
        "row": "2",
        "key": "OP-1",
        "result": "recorded",
        "report_number": assessment.chain.report_number,
        "errors": "",
    }
    patient = assessment.patient
    # A whole name is not divided: nobody guesses where the family name ends.
    assert (patient.family_name, patient.given_name, patient.sex) == ("王小兰", "", "female")
    assert patient.birth_date == cast.BORN
    assert (assessment.operation_date, assessment.state) == (cast.OPERATION, State.PROVISIONAL)
    entry = assessment.entry
    assert (entry["pdw_fl"].typed, entry["pdw_fl"].source_date) == ("16.80", cast.LAB)
    assert entry["t_score"].site == "lumbar_spine"
    assert entry["posterior_fascia_edema"].answer is True
    assert entry["mvh_restored"].answer is None
    (recorded,), (imported,) = lines(Action.ASSESSMENT_RECORDED), lines(Action.ASSESSMENTS_IMPORTED)
    assert recorded.actor == imported.actor == "alice"
    assert imported.detail == counted(recorded=1)


def test_the_same_row_gives_the_assessment_it_made_and_another_with_its_key_is_refused(
    importing: Importing,
) -> None:
    (first,) = importing(csv_of(row()))
    # The same again: in another table, as a workbook whose dates are dates.
    again, other = importing(csv_of(row(), row(T值="-3.1")), "--good-rows-only")
    assert (again["result"], again["report_number"]) == ("already_recorded", first["report_number"])
    assert other["result"] == "refused"
    assert f"with other content, for {first['report_number']}" in other["errors"]
    assert Assessment.objects.count() == 1
    (_first, second) = lines(Action.ASSESSMENTS_IMPORTED)
    assert second.detail == counted(already_recorded=1, refused=1)


def test_an_operation_that_was_planned_when_its_row_came_first(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = dict.fromkeys(("dxa_date", "MRI 日期", "PDW 日期", "chloride_date"), cast.from_today(-3))
    planned = row(手术="拟行手术", 手术日期=cast.from_today(3), new_vertebral_fracture="", **days)
    (first,) = importing(csv_of(planned))
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(days=5))
    (again,) = importing(csv_of(planned))
    assert (again["result"], again["report_number"]) == ("already_recorded", first["report_number"])
    # What was not recorded before is judged as of today.
    (other,) = importing(csv_of(planned | {KEY: "OP-2"}))
    assert "in the past, but the operation is marked planned" in other["errors"]
    (other,) = importing(csv_of(planned | {"T值": "-3.1"}))
    assert "with other content" in other["errors"]


def test_apostrophes_of_rows_to_mend_are_no_part_of_their_cells(importing: Importing) -> None:
    importing(csv_of(row(T值="－3．2", **{KEY: "-OP"})))
    (again,) = importing(csv_of(row(T值="'－3．2", **{KEY: "'-OP"})))
    assert (again["result"], again["key"]) == ("already_recorded", "'-OP")


def test_cells_with_what_a_program_puts_around_them(
    importing: Importing,
) -> None:
    kept = {KEY: '="OP-1"', "住院号": '="00200555"', "出生日期": '="1944/07/14"'}
    (line,) = importing(csv_of(row(**kept, **{"PDW (fL)": "16.80↑"})))
    assert (line["result"], line["key"]) == ("recorded", "OP-1")
    assert Patient.objects.get().hospital_number == "00200555"
    # An arrow says that the laboratory finds it high.
    assert Assessment.objects.get().entry["pdw_fl"].typed == "16.80"


def test_a_row_of_another_width_is_not_read(importing: Importing) -> None:
    importing(csv_of(row()))
    longer = csv_of(row()).rstrip() + b",x\r\n"
    (line,) = importing(longer)
    assert line["errors"].startswith("Row 2 has 30 cells, the header has 29.")
    assert len(line["errors"].splitlines()) == 1


def test_all_rows_or_none_and_good_rows_only(importing: Importing) -> None:
    second = row(**{KEY: "OP-2", "住院号": "H200556", "姓名": "李大明", "性别": "男"})
    bad = row(**{KEY: "OP-3", "住院号": "H200557", "姓名": "赵一", "外伤史": ""})
    table = csv_of(row(), bad, second)
    assert outcomes(importing(table)) == ["not_recorded", "refused", "not_recorded"]
    assert (Assessment.objects.count(), Patient.objects.count()) == (0, 0)
    assert lines(Action.ASSESSMENT_RECORDED) == lines(Action.PATIENT_REGISTERED) == []
    results = importing(table, "--good-rows-only")
    assert outcomes(results) == ["recorded", "refused", "recorded"]
    assert Assessment.objects.count() == 2
    mended = csv_of(row(), bad | {"外伤史": "无"}, second)
    results = importing(mended)
    assert outcomes(results) == ["already_recorded", "recorded", "already_recorded"]
    assert [line.detail for line in lines(Action.ASSESSMENTS_IMPORTED)] == [
        counted(refused=1, not_recorded=2),
        counted(recorded=2, refused=1),
        counted(recorded=1, already_recorded=2),
    ]


def test_two_operations_of_one_patient_in_one_table(importing: Importing) -> None:
    days = dict.fromkeys(("MRI 日期", "PDW 日期", "chloride_date"), "2025-04-18")
    changes = {KEY: "OP-2", "手术日期": "2025-04-20", "伤椎节段": "腰2", **days}
    later = row(**changes, previous_spinal_surgery="是")
    assert outcomes(importing(csv_of(row(), later))) == ["recorded", "recorded"]
    assert Patient.objects.count() == 1


def test_a_workbook(importing: Importing) -> None:
    importing(csv_of(row()))
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    cells: dict[str, Any] = row() | {"手术日期": cast.OPERATION, "出生日期": cast.BORN, "T值": -3.2}
    sheet.append(list(cells))
    sheet.append(list(cells.values()))
    made = io.BytesIO()
    book.save(made)
    # The very row of the CSV file.
    assert outcomes(importing(made.getvalue())) == ["already_recorded"]


def test_columns_that_are_missing_or_said_twice(importing: Importing) -> None:
    table = csv_of(row(手术日期=None, infection=None, 姓=" ", 性别=None))
    with pytest.raises(CommandError) as refused:
        importing(table, key="编号")
    said = str(refused.value)
    assert "The column 编号 is missing. The headers are: 手术编号, 住院号" in said
    assert (
        "The column operation_date is missing. Its header is one of: operation_date, Date" in said
    )
    assert "The column infection is missing." in said
    assert "The column sex is missing." in said
    assert "The name stands in one column, or in family and given name" in said
    with pytest.raises(CommandError, match="age_years is missing"):
        importing(csv_of(row(出生日期=None)))
    with pytest.raises(CommandError, match="Several headers mean the column sex: 性别, Sex"):
        importing(csv_of(row(Sex="女")))


def test_columns_that_are_not_imported_are_told(
    importing: Importing, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = {
        "DXA date of the clinic" if name == "dxa_date" else name: row()[name] for name in row()
    }
    importing(csv_of(cells | {"备注": ""}))
    assert (
        "Columns that are not imported: DXA date of the clinic, 备注\n" in capsys.readouterr().out
    )
    assert Assessment.objects.get().entry["t_score"].source_date is None


def test_who_may_import_and_whose_patients_are_seen(importing: Importing) -> None:
    cast.rita()
    with pytest.raises(CommandError, match="may not record"):
        importing(csv_of(row()), user="rita")
    with pytest.raises(CommandError, match="There is no user"):
        importing(csv_of(row()), user="nobody")
    put(cast.alice(), "Spine 1")
    importing(csv_of(row()))
    report = Assessment.objects.get().chain.report_number
    put(cast.alice(), "Spine 2")
    switch(on=True)
    (line,) = importing(csv_of(row()))
    assert "another ward" in line["errors"]
    assert report not in line["errors"]
    assert queries.current_limit() is None


def test_too_many_rows_at_once(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    module = "scoring.management.commands.import_assessments.MOST_ROWS_AT_ONCE"
    monkeypatch.setattr(module, 0)
    with pytest.raises(CommandError, match="1 rows; all or none of them can be recorded up to 0"):
        importing(csv_of(row()))
    assert outcomes(importing(csv_of(row()), "--good-rows-only")) == ["recorded"]
