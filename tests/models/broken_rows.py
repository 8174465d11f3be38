"""For every check constraint: changes to a sound row, each of which must be refused.

A case is (the sound row it starts from, what is changed). Names of rows: final (height not
restored), restored, provisional, second (a second version), stated (no birth date), patient,
chain, correction (of an identity), outcome (day 3), later outcome (its second version), user,
recalibration, decision (its approval), recalibrated (risk of a version, height not restored),
ward settings, message (of a laboratory), result (in it), merge (of
two hospital numbers), resource (of a FHIR server).
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from scoring.nomogram.eligibility import Criterion

Case = tuple[str, dict[str, Any]]
# Constraints that stand in a migration because Django cannot state them.
MIGRATED = {"assessment_supersedes_both_or_none"}
_NOBODY = UUID(int=0)


def _each(start: str, field: str, *values: Any) -> list[Case]:
    return [(start, {field: value}) for value in values]


def _versions() -> dict[str, list[Case]]:
    return {
        "version_from_one": _each("final", "version", 0),
        "first_supersedes_nothing": [
            ("final", {"supersedes_id": _NOBODY}),
            ("second", {"supersedes_id": None}),
        ],
        "first_is_new": [
            *_each("final", "change", "amend", "complete"),
            ("second", {"change": "new"}),
        ],
        "follows_its_predecessor": [
            ("final", {"supersedes_version": 1}),
            *_each("second", "supersedes_version", None, 0, 2),
            ("second", {"version": 3}),
        ],
        "supersedes_both_or_none": [
            ("final", {"supersedes_version": 1}),
            ("second", {"supersedes_id": None}),
            ("second", {"supersedes_version": None}),
        ],
        "reason_for_every_correction": [
            *_each("second", "reason", "", "   ", "\n\t"),
            ("second", {"change": "void", "reason": ""}),
            ("second", {"change": "reinstate", "reason": ""}),
        ],
        "voided_by_void": [
            ("second", {"state": "voided"}),
            ("second", {"change": "void"}),
        ],
        "state_known_code": _each("final", "state", "", "Final", "draft"),
        "change_known_code": _each("final", "change", "", "edit"),
        "provisional_without_mvh": [
            ("final", {"state": "provisional"}),
            ("provisional", {"state": "final"}),
        ],
        "completed_is_final": [("provisional", {"change": "complete"})],
        "state_of_what_is_awaited": [
            *_each("provisional", "change", "no_radiograph", "cancel"),
            *_each("second", "change", "no_radiograph", "cancel", "resume"),
        ],
        "no_radiograph_of_an_operation": [
            ("provisional", {"state": "no_radiograph", "operation_status": "planned"})
        ],
        "cancelled_was_planned": [
            ("provisional", {"state": "cancelled", "operation_status": "done"})
        ],
    }


def _operation() -> dict[str, list[Case]]:
    return {
        "operation_known_code": _each("final", "operation_status", "", "ongoing"),
        "mvh_after_operation_only": _each("final", "operation_status", "planned"),
        "radiograph_with_mvh_only": _each("provisional", "radiograph_date", date(2025, 3, 14)),
        "radiograph_after_operation": _each("final", "radiograph_date", date(2025, 3, 12)),
        "fracture_level_known_code": _each("final", "fracture_level", "", "T0", "T13", "L6", "C2"),
        "dxa_site_known_code": _each("final", "dxa_site", "wrist", "Lumbar"),
    }


def _eligibility() -> dict[str, list[Case]]:
    return {
        **{
            f"{criterion}_answered": _each("final", criterion.value, "", "Yes", "unknown")
            for criterion in Criterion
        },
        "outside_by_answers": [
            ("final", {"infection": "yes"}),
            ("final", {"single_vertebra": "no"}),
            ("final", {"population": "outside"}),
        ],
        "as_study_by_answers": [
            ("final", {"infection": "not_assessed"}),
            ("final", {"population": "not_fully_assessed"}),
        ],
        "population_known_code": _each("final", "population", "", "inside"),
    }


def _predictors() -> dict[str, list[Case]]:
    return {
        "age_in_domain": _each("final", "age_years", 49, 101),
        "age_source_known_code": _each("final", "age_source", "", "guess"),
        "age_from_birth_date": [
            ("final", {"age_source": "stated"}),
            ("stated", {"age_source": "birth_date"}),
            ("final", {"birth_date": None}),
        ],
        "age_is_completed_years": [
            *_each("final", "age_years", 79, 81),
            ("final", {"birth_date": date(1944, 3, 13)}),
            ("final", {"operation_date": date(2025, 7, 14)}),
        ],
        "t_score_in_domain": _each("final", "t_score", Decimal("-10.0001"), Decimal("4.0001")),
        "pdw_in_domain": _each("final", "pdw_fl", Decimal("5.9999"), Decimal("34.8001"), -1),
        "pdw_in_femtolitres": _each("final", "pdw_unit", "", "%", "FL", "fl"),
        "chloride_in_domain": _each(
            "final", "chloride_mmol_l", Decimal("75.7999"), Decimal("115.0001"), 0
        ),
    }


def _points() -> dict[str, list[Case]]:
    names = ("age", "bmd", "trauma_history", "posterior_fascia_edema", "pdw", "chloride", "mvh")
    beyond = (-0.01, 100.01, float("nan"), float("inf"))
    return {
        **{f"points_{name}_0_to_100": _each("final", f"points_{name}", *beyond) for name in names},
        "points_mvh_with_mvh": [
            ("final", {"points_mvh": None}),
            ("provisional", {"points_mvh": 35.68}),
            ("provisional", {"points_mvh": 0.0}),
        ],
    }


def _scenario(prefix: str, own: str, other: str) -> dict[str, list[Case]]:
    fields = ("total_points", "risk", "ci95_low", "ci95_high", "band_low", "band_high")
    return {
        f"{prefix}_all_or_none": [
            *((own, {f"{prefix}_{field}": None}) for field in fields),
            *((other, {f"{prefix}_{field}": 0.5}) for field in fields),
            ("provisional", {f"{prefix}_{field}": None for field in fields}),
        ],
        f"{prefix}_risk_between_0_and_1": _each(
            own, f"{prefix}_risk", 0.0, 1.0, -0.1, 76.8, float("nan")
        ),
        f"{prefix}_interval_holds_risk": [
            *_each(own, f"{prefix}_ci95_low", 0.999, float("nan")),
            *_each(own, f"{prefix}_ci95_high", 0.001),
            *_each(own, f"{prefix}_band_low", 0.999),
            *_each(own, f"{prefix}_band_high", 0.001),
        ],
        f"{prefix}_total_is_the_sum": [
            *_each(own, f"{prefix}_total_points", 183.89, 148.21, 0.0, float("nan")),
            (own, {"points_chloride": 25.51}),
            ("provisional", {f"{prefix}_total_points": 183.89}),
        ],
    }


def _outcomes() -> dict[str, list[Case]]:
    return {
        "time_point_known_code": _each("outcome", "time_point", 0, 7, 300),
        "vas_0_to_10": _each("outcome", "vas", 11, 76),
        "new_fracture_by_day_30": [
            *_each("outcome", "new_vertebral_fracture", True, False),
            ("outcome", {"time_point": 30, "new_vertebral_fracture": True}),
        ],
        "measured_or_not_evaluable": [
            *_each("outcome", "vas", None),
            *_each("outcome", "measured_on", None),
            *_each("outcome", "not_evaluable", "died", "unknown"),
            ("outcome", {"vas": None, "measured_on": None}),
            *_each("later outcome", "withdrawn", True),
            ("outcome", {"vas": None, "measured_on": None, "not_evaluable": "unknown"}),
            ("outcome", {"vas": None, "not_evaluable": "lost"}),
        ],
        "follows_its_predecessor": [
            *_each("outcome", "version", 0, 2),
            *_each("outcome", "supersedes_version", 1),
            *_each("outcome", "supersedes_id", _NOBODY),
            *_each("later outcome", "supersedes_version", None, 2),
            *_each("later outcome", "supersedes_id", None),
            *_each("later outcome", "version", 1, 3),
        ],
        "withdrawn_by_a_later_version": [
            ("outcome", {"withdrawn": True, "vas": None, "measured_on": None}),
        ],
        "reason_for_every_correction": _each("later outcome", "reason", "", " \t"),
    }


def _recalibrations() -> dict[str, list[Case]]:
    not_restored = ("not_restored_risk", "not_restored_ci95_low", "not_restored_ci95_high")
    return {
        "recalibration_method_known_code": _each("recalibration", "method", "", "slope"),
        "recalibration_enough_events": [
            *_each("recalibration", "events", 99, 1401),
            ("recalibration", {"n": 199, "events": 100}),
        ],
        "recalibration_rises": [
            *_each("recalibration", "slope", 0.0, -0.7),
            *_each("recalibration", "k_points_per_logit", 0.0, -1.0),
        ],
        "recalibration_slope_by_method": _each("recalibration", "method", "intercept"),
        "recalibration_variances": [
            *_each("recalibration", "variance_intercept", 0.0, -0.1),
            *_each("recalibration", "variance_slope", -0.1),
        ],
        "recalibration_window_in_order": [
            (
                "recalibration",
                {"operated_from": date(2025, 1, 2), "operated_to": date(2025, 1, 1)},
            )
        ],
        "decision_known_code": _each("decision", "decision", "", "waits"),
        "decision_has_a_reason": _each("decision", "reason", "", "  ", "\n"),
        "recalibrated_risk_of_some_height": [("recalibrated", dict.fromkeys(not_restored))],
        "recalibrated_restored_in_order": [
            ("recalibrated", {"restored_risk": 0.5}),
            ("recalibrated", {"restored_ci95_low": 0.5}),
        ],
        "recalibrated_not_restored_in_order": [
            *_each("recalibrated", "not_restored_risk", None, 0.0, 1.0),
            *_each("recalibrated", "not_restored_ci95_low", None, -0.1, 0.99),
            *_each("recalibrated", "not_restored_ci95_high", None, 1.1, 0.01),
        ],
    }


BROKEN: dict[str, list[Case]] = {
    **{
        f"assessment_{name}": cases
        for name, cases in {
            **_versions(),
            **_operation(),
            **_eligibility(),
            **_predictors(),
            **_points(),
            **_scenario("restored", own="restored", other="final"),
            **_scenario("not_restored", own="final", other="restored"),
        }.items()
    },
    "patient_hospital_number_normalised": _each(
        "patient", "hospital_number", "", "h100234", "H 100234", "H100\t234", " H1"
    ),
    "patient_given_name_needs_family_name": _each("patient", "family_name", ""),
    "patient_sex_known_code": _each("patient", "sex", "", "f", "Female"),
    "patient_born_before_recorded": _each(
        "patient", "birth_date", date(1899, 12, 31), date(2999, 1, 1)
    ),
    "user_has_roles_alone": _each("user", "is_superuser", True),
    "patient_correction_has_reason": _each("correction", "reason", "", "  ", "\n"),
    **{f"outcome_{name}": cases for name, cases in _outcomes().items()},
    **_recalibrations(),
    "chain_vas_in_order": [
        ("chain", {"vas_day_3_on": date(2025, 3, 16), "vas_day_30_on": day})
        for day in (date(2025, 3, 15), date(2025, 3, 16))
    ],
    "chain_report_number_positive": [
        *_each("chain", "report_serial", 0),
        *_each("chain", "report_year", 1999),
    ],
    "application_token_expires_later": _each(
        "token", "expires_at", datetime(2025, 3, 15, tzinfo=UTC)
    ),
    "laboratory_message_refused_with_reason": [
        *_each("message", "reason", "not_hl7"),
        *_each("message", "state", "refused", ""),
    ],
    "laboratory_message_has_digests": [
        *_each("message", "key", "", "A" * 64),
        *_each("message", "digest", "", "a" * 63),
    ],
    "laboratory_message_known_kind": _each("message", "kind", "", "cda"),
    "laboratory_message_of_fhir_names_resource": [
        ("resource", {"state": "refused", "reason": "not_hl7"}),
        *_each("resource", "sender", ""),
        *_each("resource", "facility", "", "ehr.example/fhir"),
        *_each("resource", "control_id", "", "7", "Patient/7", "Observation/7/_history/"),
    ],
    "laboratory_result_offered_with_value": _each("result", "value", None),
    "laboratory_result_supersedes_an_earlier": _each("result", "supersedes_id", 10_000),
    "number_merge_of_two": _each("merge", "surviving_number", "H7"),
    "ward_has_a_name": _each("ward", "name", "", "  "),
    "ward_settings_pdw_unit_known_code": _each("ward settings", "pdw_unit", "fl", "SD"),
    "ward_settings_paper_known_code": _each("ward settings", "paper", "", "A3"),
}
