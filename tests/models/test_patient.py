"""Patients: one hospital number in any spelling, ages by completed years, names as printed."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from scoring.entry.rules import completed_years
from scoring.models import Assessment, Patient
from tests import cast


@pytest.mark.parametrize(
    ("born", "day", "age_years"),
    [
        (date(1944, 7, 14), date(2025, 7, 13), 80),
        (date(1944, 7, 14), date(2025, 7, 14), 81),
        (date(1944, 2, 29), date(2025, 2, 28), 80),
        (date(1944, 2, 29), date(2025, 3, 1), 81),
        (date(1944, 2, 29), date(2024, 2, 28), 79),
        (date(1944, 2, 29), date(2024, 2, 29), 80),
        (date(2024, 2, 29), date(2024, 2, 29), 0),
        (date(1944, 12, 31), date(2025, 1, 1), 80),
    ],
)
def test_completed_years(born: date, day: date, age_years: int) -> None:
    assert completed_years(born, day) == age_years


@pytest.mark.django_db
def test_the_database_counts_the_same_years_on_every_day() -> None:
    born = [date(1944, 2, 28), date(1944, 2, 29), date(1944, 3, 1), date(1943, 12, 31)]
    days = [date(2023, 12, 1) + timedelta(days=n) for n in range(900)]
    pairs = [(b, day) for b in born for day in days]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date_part('year', age(day::timestamp, born::timestamp))::int "
            "FROM unnest(%s::date[], %s::date[]) AS pair(born, day)",
            [[b for b, _ in pairs], [day for _, day in pairs]],
        )
        counted = [years for (years,) in cursor.fetchall()]
    assert counted == [completed_years(b, day) for b, day in pairs]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "age_years"), [(date(2025, 2, 28), 80), (date(2025, 3, 1), 81)]
)
def test_born_on_29_february(operation: date, age_years: int) -> None:
    entry = cast.worked_example(
        operation_date=operation,
        radiograph_date=None,
        t_score=cast.measured("-2.0", None),
        pdw_fl=cast.measured("12.80", None),
        chloride_mmol_l=cast.measured("105", None),
        mri_date=None,
    )
    kept = cast.recorded(cast.person(birth_date=date(1944, 2, 29)), entry)
    assert kept.age_years == age_years


@pytest.mark.django_db
def test_the_age_is_frozen_with_the_assessment() -> None:
    first = cast.recorded()
    later = cast.recorded(
        first.patient,
        cast.worked_example(operation_date=date(2025, 7, 14), radiograph_date=date(2025, 7, 15)),
    )
    kept = Assessment.objects.in_bulk()
    assert kept[first.pk].age_years == 80
    assert kept[later.pk].age_years == 81
    assert kept[first.pk].result.points["age"] == pytest.approx(19.0)
    # The birth date it was worked out from stands in the version itself.
    assert kept[first.pk].birth_date == cast.BORN


@pytest.mark.django_db
def test_a_number_is_given_once_in_any_spelling() -> None:
    cast.registered(" h100 234")
    patient = Patient.objects.get()
    assert patient.hospital_number == "H100234"
    patient.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        patient.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("family_name", "given_name", "printed"),
    [
        ("Wang", "Xiulan", "Wang, Xiulan"),
        ("Wang", "", "Wang"),
        ("ǆordić", "Ђорђе", "ǆordić, Ђорђе"),
        ("Straßer", "", "Straßer"),
        ("van der Berg", "", "van der Berg"),
        ("", "", "Name not known"),
        ("王", "秀兰", "王秀兰"),
    ],
)
def test_names_as_printed(family_name: str, given_name: str, printed: str) -> None:
    patient = cast.registered(family_name=family_name, given_name=given_name)
    assert str(patient) == printed
