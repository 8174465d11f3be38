"""``manage.py import_assessments``: rows of a table as the form would record them."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from scoring import queries
from scoring.models import Assessment, AuditEvent, Patient
from scoring.models.codes import State
from tests import cast
from tests.importing.tables import KEY, csv_of, row
from tests.need_to_know.wards import put, switch

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
Results = list[dict[str, str]]
Importing = Callable[..., Results]


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    """Import a table as Alice; gives the lines of the result file."""
    cast.alice()

    def imported(table: bytes, *options: str, key: str = KEY, user: str = "alice") -> Results:
        source, output = tmp_path / "patients", tmp_path / "result.csv"
        source.write_bytes(table)
        arguments = (str(source), "--as", user, "--key", key, "-o", str(output), "--overwrite")
        try:
            call_command("import_assessments", *arguments, *options)
        except CommandError as error:
            if "result.csv" not in str(error):
                raise
        assert output.stat().st_mode & 0o777 == 0o600
        text = output.read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    return imported


def outcomes(results: Results) -> list[str]:
    return [line["result"] for line in results]


def lines(action: Action) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action).order_by("id"))


def counted(**changes: int) -> dict[str, int]:
    nothing = dict.fromkeys(("recorded", "already_recorded", "refused", "not_recorded"), 0)
    return {"rows": sum(changes.values()), **nothing, **changes}


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


def test_numbers_that_a_program_wrote_as_formulas_to_keep_their_zeros(
    importing: Importing,
) -> None:
    kept = {KEY: '="OP-1"', "住院号": '="00200555"', "出生日期": '="1944/07/14"'}
    (line,) = importing(csv_of(row(**kept)))
    assert (line["result"], line["key"]) == ("recorded", "OP-1")
    assert Patient.objects.get().hospital_number == "00200555"


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


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no key": ({KEY: ""}, f"Row 2, column {KEY}: the value is missing"),
    "no number": ({"住院号": ""}, "Row 2, column 住院号: nothing entered"),
    "no name": ({"姓名": ""}, "column 姓名: the value is missing; allowed: a name, or “not known”"),
    "no sex": (
        {"性别": ""},
        "column 性别: the value is missing; allowed: Female, Male, Other, Not",
    ),
    "sex": ({"性别": "2"}, 'column 性别: "2" is not an answer; allowed: Female, Male'),
    "not born": (
        {"出生日期": ""},
        "column 出生日期: the value is missing; allowed: a date such as",
    ),
    "no day": ({"手术日期": ""}, "column 手术日期: nothing entered"),
    "two days": ({"手术日期": "03/04/2025"}, "could be 3 April or 4 March"),
    "two digits": ({"手术日期": "25/3/13"}, "you entered “25/3/13”; enter a date such as"),
    "a serial number": ({"手术日期": "45729"}, "you entered “45729”; enter a date such as"),
    "no such day": ({"dxa_date": "20250231"}, "Row 2, column dxa_date: you entered “20250231”"),
    "after operation": ({"PDW 日期": "2025-03-14"}, "which is after the operation"),
    "no level": ({"伤椎节段": ""}, "column 伤椎节段: the value is missing; allowed: T1, T2"),
    "no answer": ({"infection": ""}, "column infection: the value is missing; allowed: Yes, No"),
    "new fracture": (
        {"new_vertebral_fracture": ""},
        "column new_vertebral_fracture: not answered.",
    ),
    "1": ({"infection": "1"}, 'column infection: "1" is not an answer; allowed: Yes, No, Not'),
    "mvh": ({"mvh_restored": ""}, "mvh_restored: the value is missing; allowed: yes, no or “not"),
    "range": ({"血清氯(mmol/L)": "10"}, '"10" is outside what can be scored: 75.8 to 115 mmol/L'),
    "no date": ({"手术": "NULL"}, "column 手术: the value is missing; allowed: Planned, Done"),
    "spreadsheet": ({"姓名": "#N/A"}, 'column 姓名: "#N/A" is not an answer'),
    "not asked": (
        {"手术": "拟行手术", "手术日期": cast.from_today(3), "new_vertebral_fracture": "是"},
        "column new_vertebral_fracture: this is not asked here and would be lost",
    ),
    "asked back": ({"T值": "1.2"}, "Row 2: the form asks back here. Correct the row, or enter"),
}


@pytest.mark.parametrize(("cells", "said"), WRONG.values(), ids=list(WRONG))
def test_what_the_form_refuses_or_asks_back_is_said_of_the_row(
    importing: Importing, cells: dict[str, str], said: str
) -> None:
    (line,) = importing(csv_of(row(**cells)))
    assert line["result"] == "refused"
    assert said in line["errors"]
    # One mistake is told once.
    assert len(line["errors"].splitlines()) == 1
    assert not Assessment.objects.exists()


def test_an_age_beside_the_date_of_birth_must_fit_it_and_alone_it_is_enough(
    importing: Importing,
) -> None:
    (line,) = importing(csv_of(row(年龄="79")))
    assert "column 年龄: the date of birth gives 80 years: leave the age out." in line["errors"]
    stated = row(年龄="81岁", 出生日期="不详", 姓名="不详")
    assert outcomes(importing(csv_of(stated))) == ["recorded"]
    assert Assessment.objects.get().age_years == 81
    without = row(**{"年龄": "79", "出生日期": None, KEY: "OP-2", "住院号": "H9"})
    assert outcomes(importing(csv_of(without))) == ["recorded"]


def test_a_patient_on_record_is_taken_only_with_the_identity_there(importing: Importing) -> None:
    wang = cast.registered("H200555", family_name="王", given_name="小兰", sex="female")
    stranger = importing(csv_of(row(姓名="王大兰")))
    assert "this number is on record with another name" in stranger[0]["errors"]
    unread = importing(csv_of(row(出生日期="14.7.44")))
    assert outcomes(unread) == ["refused"]
    assert outcomes(importing(csv_of(row()))) == ["recorded"]
    assert Assessment.objects.get().patient == wang
    # Somebody who may be the same person under another number is asked about, never guessed.
    like = row(**{KEY: "OP-2", "住院号": "H0200555"})
    (line,) = importing(csv_of(like))
    assert "differs only by leading zeros" in line["errors"]
    assert [one.patient_id for one in lines(Action.PATIENT_LOOKED_UP)] == [wang.pk]


def test_two_operations_of_one_patient_in_one_table(importing: Importing) -> None:
    days = dict.fromkeys(("MRI 日期", "PDW 日期", "chloride_date"), "2025-04-18")
    changes = {KEY: "OP-2", "手术日期": "2025-04-20", "伤椎节段": "腰2", **days}
    later = row(**changes, previous_spinal_surgery="是")
    assert outcomes(importing(csv_of(row(), later))) == ["recorded", "recorded"]
    assert Patient.objects.count() == 1


def test_one_person_under_two_numbers_in_one_table(importing: Importing) -> None:
    twice = importing(csv_of(row(), row(**{KEY: "OP-2", "住院号": "H200777"})))
    assert outcomes(twice) == ["not_recorded", "refused"]
    assert "This name and date of birth are on record with another number" in twice[1]["errors"]
    # Whom the first row made is on record no more: the access log tells of nobody.
    assert (Patient.objects.count(), lines(Action.PATIENT_LOOKED_UP)) == (0, [])


@pytest.mark.usefixtures("plausible_operations")
def test_operations_of_long_ago_are_confirmed_for_the_whole_table(importing: Importing) -> None:
    (line,) = importing(csv_of(row()))
    assert line["errors"] == (
        "Row 2: the operation lies more than 90 days back. If that is right in the whole table, "
        "import it with --past-operations."
    )
    # All else is asked about still.
    option = "--past-operations"
    (line,) = importing(csv_of(row(T值="1.2")), option)
    assert "The T-score +1.2 is positive" in line["errors"]
    assert "days back" not in line["errors"]
    assert outcomes(importing(csv_of(row()), option)) == ["recorded"]


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
