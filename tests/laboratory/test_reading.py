"""What a message says of platelet distribution width, chloride and T-score."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.laboratory.messages import (
    CHLORIDE,
    OBR,
    PID,
    RULES,
    SERUM,
    SPINE,
    message,
    obx,
    one,
    oru,
    read,
    refusal,
)


def test_a_result_with_all_that_belongs_to_it() -> None:
    found = one(oru(obx(device="XN-10")))
    assert (found.hospital_number, found.birth_date) == ("H1042", date(1946, 12, 3))
    assert (found.field, found.value, found.unit) == ("pdw_fl", Decimal("12.4"), "fL")
    assert (found.taken_on, found.status, found.device) == (date(2026, 11, 27), "F", "XN-10")
    assert found.taken_at == datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
    assert (found.order, found.unusable) == ("S88", None)


def test_times_with_an_offset_and_days_alone() -> None:
    order = OBR.replace("20261127080000", "20261127080000.00+0100")
    assert one(oru(obx(), order=order)).taken_at == datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
    for text, day in (
        ("20261127", date(2026, 11, 27)),
        ("20261399", None),
        ("", None),
        # For no day at all.
        ("00010101000000", None),
        ("99991231235959-1200", None),
    ):
        found = one(oru(obx(), order=OBR.replace("20261127080000", text)))
        assert (found.taken_on, found.taken_at) == (day, None)


@pytest.mark.parametrize(
    "text",
    [
        "2026112708",
        "2026-11-27 08:00:00",
        "2026/11/27 8:00",
        "2026-11-27T00:00:00Z",
        "20261127080000+08:00",
        "2026-11-27 08:00:00.000",
    ],
)
def test_times_as_laboratory_systems_write_them(text: str) -> None:
    found = one(oru(obx(), order=OBR.replace("20261127080000", text)))
    assert found.taken_at == datetime(2026, 11, 27, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["1946-12-03", "1946/12/3", "1946-12-03 00:00:00"])
def test_birth_dates_as_laboratory_systems_write_them(text: str) -> None:
    patient = PID.replace("19461203", text)
    assert one(oru(obx(), patient=patient)).birth_date == date(1946, 12, 3)


def test_the_day_is_the_wards_where_the_sender_has_another_offset() -> None:
    # Seven in the morning in Shanghai.
    order = OBR.replace("20261127080000", "20261126230000+0000")
    assert one(oru(obx(), order=order)).taken_on == date(2026, 11, 27)
    # A birth date has no zone.
    patient = PID.replace("19461203", "19461203000000+1400")
    assert one(oru(obx(), patient=patient)).birth_date == date(1946, 12, 3)


@pytest.mark.parametrize(
    ("unit", "normal", "why"),
    [
        ("fL", "9.0-17.0", None),
        ("fl", "", None),
        ("um\\S\\3", "", None),
        ("um3", "", None),
        ("µm³", "9-17", None),
        ("", "9.0-17.0", "unit_missing"),
        ("%", "15-17", "range_gsd"),
        ("%", "9-17", "unit_other"),
        ("10(GSD)", "", "unit_gsd"),
        ("", "15.0-17.0", "range_gsd"),
        ("fL", "15,0-17,0", "range_gsd"),
        ("fL", "15.0 ~ 17.0", "range_gsd"),
    ],
)
def test_only_an_explicit_fl_is_fl(unit: str, normal: str, why: str | None) -> None:
    found = one(oru(obx(unit=unit, normal=normal)))
    assert found.unusable == why
    assert (found.value is None) == (why is not None)


@pytest.mark.parametrize(
    ("value", "kind", "got"),
    [
        ("12.4", "NM", Decimal("12.4")),
        ("12,4", "ST", Decimal("12.4")),
        ("12.4 fL", "FT", Decimal("12.4")),
        ("12.4↑", "ST", Decimal("12.4")),
        ("↓ 12.4", "ST", Decimal("12.4")),
        ("12.4*", "ST", "not_a_number"),
        ("^12.4", "SN", Decimal("12.4")),
        ("=^12.4", "SN", Decimal("12.4")),
        ("<^6", "SN", "bound"),
        ("^9^-^17", "SN", "not_a_number"),
        ("<6", "ST", "bound"),
        ("**.*", "NM", "not_a_number"),
        ("***.*", "ST", "not_a_number"),
        ("11.0~12.0", "NM", "several_values"),
        ("", "NM", "no_value"),
        ('""', "NM", "no_value"),
        ("40", "NM", "outside_domain"),
        ("124", "NM", "outside_domain"),
    ],
)
def test_values_as_they_are_sent(value: str, kind: str, got: Decimal | str) -> None:
    found = one(oru(obx(value=value, kind=kind)))
    assert (found.value if found.unusable is None else found.unusable) == got
    assert found.value_text == value


@pytest.mark.parametrize(
    ("code", "field", "site", "why"),
    [
        ("32207-3^PDW^LN", "pdw_fl", "", None),
        ("PLT-08^血小板体积分布宽度", "pdw_fl", "", None),
        ("2028^V_PDW", "pdw_fl", "", None),
        ("^^^PDW^", "pdw_fl", "", None),
        ("5.7^血小板分布宽度^L", "pdw_fl", "", None),
        ("^^^PDW^51631-0", "pdw_fl", "", "code_ratio"),
        ("38267-1^^LN", "t_score", "lumbar_spine", None),
        ("38264-8^^LN", "t_score", "hip", None),
        ("80945-9^^LN", "t_score", "hip", None),
        ("38263-0^DXA Lumbar spine^LN", "t_score", "femur", None),
        ("38265-5^DXA [T-score] Bone density^LN", "t_score", "", "code_site"),
        ("38266-3^^LN", "t_score", "", "code_site"),
        ("24966-4^^LN", "t_score", "", "code_density"),
        ("85394-5^^LN", "t_score", "", "code_z_score"),
    ],
)
def test_codes_and_names(code: str, field: str, site: str, why: str | None) -> None:
    is_pdw = field == "pdw_fl"
    found = one(oru(obx(code, "12.4" if is_pdw else "-2.8", "fL" if is_pdw else "", "")))
    assert (found.field, found.site, found.unusable) == (field, site, why)


def test_a_name_alone_in_obx_4() -> None:
    assert one(oru(obx("", sub_id="PDW"))).field == "pdw_fl"


def test_loinc_says_more_than_a_name() -> None:
    assert refusal(oru(obx("32208-1^PDW^LN"))) == "unknown_code"
    assert refusal(oru(obx("777-3^Platelets^LN", "210", "10*9/L"))) == "unknown_code"
    assert refusal(oru(obx("PDW_RESEARCH", "12.4", "fL"))) == "unknown_code"


def test_a_site_names_its_own_codes() -> None:
    text = oru(obx("0112^X^L", "104", "mmol/L", ""))
    assert refusal(text) == "unknown_code"
    rules = replace(RULES, codes={"0112": "chloride_mmol_l"})
    assert one(text, rules).value == Decimal(104)
    assert one(oru(obx("0112^X^L^2069-3^Chloride^LN", "104", "mmol/L", "")), rules).unusable == (
        "code_blood"
    )


@pytest.mark.parametrize(
    ("code", "unit", "specimen", "why"),
    [
        ("2075-0^Chloride^LN", "mmol/L", "", None),
        ("2075-0^Chloride^LN", "mEq/L", "", None),
        ("001206^Chloride^L^2075-0^Chloride^LN", "mmol/L", "SER", None),
        ("2075-0^Chloride^LN", "mg/dL", "", "unit_other"),
        ("2075-0^Chloride^LN", "", "", "unit_missing"),
        ("2075-0^Chloride^LN", "mmol/L", "UR^Urine", "specimen_other"),
        ("2075-0^Chloride^LN", "mmol/L", "BLD", "specimen_other"),
        ("2069-3^Chloride^LN", "mmol/L", "SER", "code_blood"),
        ("^^^Cl^Cl^NOVABIO^M", "mmol/L", "", "specimen_missing"),
        ("^^^Cl^Cl^NOVABIO^M", "mmol/L", "PLAS", None),
        ("^氯", "mmol/L", "", "specimen_missing"),
        ("^血清氯", "mmol/L", "", None),
        ("^血氯", "mmol/L", "", "specimen_missing"),
        ("^血氯", "mmol/L", "SER", None),
    ],
)
def test_chloride_only_of_serum_or_plasma(
    code: str, unit: str, specimen: str, why: str | None
) -> None:
    result = obx(code, "104.0", unit, "98-106")
    after = [f"SPM|1|||{specimen}"] if specimen else []
    assert one(oru(result, *after)).unusable == why
    # Before version 2.5 it stands in OBR-15, with subcomponents.
    order = OBR + "|" * 8 + specimen.replace("^", "&")
    assert one(oru(result, order=order)).unusable == why


@pytest.mark.parametrize("status", "FCAV")
def test_a_model_computes_from_these(status: str) -> None:
    assert one(oru(obx(status=status))).unusable is None


@pytest.mark.parametrize(
    ("status", "why"),
    [
        *((each, "not_final") for each in "PRSIONUB"),
        *((each, "withdrawn") for each in "DWX"),
        ("", "status_missing"),
    ],
)
def test_and_from_no_others(status: str, why: str) -> None:
    assert one(oru(obx(status=status))).unusable == why


def test_an_order_can_be_withdrawn_as_a_whole() -> None:
    order = OBR + "|" * 18 + "X"
    got = read(oru(order=order))
    assert (got.refused, got.withdrawn) == (None, (("H1042", "S88", "X"),))
    assert one(oru(obx(), order=order)).unusable == "withdrawn"


def test_an_observation_after_the_specimen_describes_it() -> None:
    got = read(oru(obx(), SERUM, obx(value="9.9")))
    assert [reading.value for reading in got.readings] == [Decimal("12.4")]
    assert refusal(oru(SERUM, obx())) == "no_results"


def test_several_patients_in_one_message() -> None:
    other = PID.replace("H1042", "H2000")
    text = message(PID, OBR, obx(), OBR.replace("S88", "S89"), CHLORIDE, other, OBR, SPINE)
    found = [(each.hospital_number, each.field, each.order) for each in read(text).readings]
    assert found == [
        ("H1042", "pdw_fl", "S88"),
        ("H1042", "chloride_mmol_l", "S89"),
        ("H2000", "t_score", "S88"),
    ]


def test_the_hospital_number_is_the_configured_identifier() -> None:
    several = PID.replace("H1042^^^WARD^MR", "310^^^CN^NI~h 1042^^^WARD&1.2.3&ISO^MR")
    assert refusal(oru(obx(), patient=several)) == "patient_not_chosen"
    for rules in (replace(RULES, authority="1.2.3"), replace(RULES, identifier_type="MR")):
        assert one(oru(obx(), patient=several), rules).hospital_number == "H1042"
    assert refusal(oru(obx()), replace(RULES, authority="OTHER")) == "patient_not_chosen"
    twice = PID.replace("H1042^^^WARD^MR", "1^^^WARD^MR~2^^^WARD^MR")
    assert refusal(oru(obx(), patient=twice), replace(RULES, authority="WARD")) == (
        "patient_not_chosen"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not_hl7"),
        ("MSH|", "not_hl7"),
        ("EHLO mail", "not_hl7"),
        (oru(obx()) + "|" * 100_000, "not_hl7"),
        (oru(obx()) + oru(obx()), "not_hl7"),
        (message(PID, obx()), "not_hl7"),
        (message(OBR, obx()), "patient_missing"),
        (message(), "patient_missing"),
        (oru(obx(), patient="PID|1"), "patient_missing"),
        (oru(obx(), patient='PID|1||""'), "patient_missing"),
        (oru(obx(), patient="PID|1||" + "9" * 33), "patient_number"),
        (oru(obx(), patient="PID|1||12\u202e34"), "patient_number"),
        (oru(), "no_results"),
        (oru(obx(), kind="ORM^O01"), "message_type"),
        (oru(obx(), kind="ADT^A01"), "event"),
        (oru(obx(), kind="ORU^R30"), "event"),
        (oru(obx(), processing="Q"), "processing"),
        (oru(obx(), processing="P^LJ"), "processing"),
        (oru(obx(), processing="P^S"), ""),
        (oru(obx(), processing="T"), "processing"),
        (oru(obx(), processing=""), "processing"),
        (oru(obx(), version="3"), "version"),
        (oru(obx(), version="2.5.1^CHN"), ""),
        (oru(obx(), control_id=""), "control_id_missing"),
        (oru(obx(value="12\x00")), "null_character"),
    ],
)
def test_messages_that_are_refused(text: str, why: str) -> None:
    assert refusal(text) == why


def test_other_separators() -> None:
    text = oru(obx())
    table = str.maketrans({"|": "#", "^": "!", "~": "*", "\\": "$", "&": "%"})
    assert one(text.translate(table)).value == Decimal("12.4")
