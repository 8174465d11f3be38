"""Rows that are refused or asked back, as the form would."""

import pytest

from scoring.models import Assessment, AuditEvent, Patient
from tests import cast
from tests.importing.tables import KEY, Importing, csv_of, lines, outcomes, row

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
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
    "asked back": ({"T值": "1.2"}, "Row 2: this must be confirmed. Correct the row, or enter"),
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
