"""The tables of the record with their layouts, and why the others have no digest."""

from scoring.models.record_digest import RecordTable


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def _report(chain_id: str) -> dict[str, str]:
    """Year and serial of the report number of a chain."""
    of = f"FROM scoring_assessmentchain c WHERE c.id = {chain_id} LIMIT 1"
    return {
        "year": f"(SELECT c.report_year {of})",
        "serial": f"(SELECT c.report_serial {of})",
    }


# Written out and never changed: see RecordTable.
_PATIENT_1 = _columns(
    """
    id hospital_number family_name given_name birth_date sex synthetic revision created_at
    created_by_id salt
    """
)
_CORRECTION_1 = _columns(
    """
    id patient_id revision old_hospital_number old_family_name old_given_name old_birth_date
    old_sex new_hospital_number new_family_name new_given_name new_birth_date new_sex reason
    form_token created_at created_by_id created_by_name
    """
)
_ASSESSMENT_1 = _columns(
    """
    id chain_id version supersedes_id supersedes_version state change reason form_token
    created_at created_by_id created_by_name patient_id birth_date age_source operation_date
    operation_time operation_status fracture_level ovcf_treated_by_pkp single_vertebra
    neurological_injury cord_compression previous_spinal_surgery chronic_low_back_pain
    tumour_infection_tuberculosis infection coagulation_or_systemic_disease
    new_vertebral_fracture population age_years t_score t_score_entered dxa_date dxa_site
    trauma_history trauma_history_date posterior_fascia_edema mri_date pdw_fl pdw_entered
    pdw_unit pdw_date chloride_mmol_l chloride_entered chloride_date mvh_restored
    radiograph_date points_age points_bmd points_trauma_history
    points_posterior_fascia_edema points_pdw points_chloride points_mvh
    restored_total_points restored_risk restored_ci95_low restored_ci95_high
    restored_band_low restored_band_high not_restored_total_points not_restored_risk
    not_restored_ci95_low not_restored_ci95_high not_restored_band_low
    not_restored_band_high risk_min risk_max cautions model_identifier model_version
    model_name
    """
)
_OUTCOME_1 = _columns(
    """
    id chain_id time_point version supersedes_id supersedes_version vas measured_on
    not_evaluable withdrawn new_vertebral_fracture cautions reason form_token created_at
    created_by_id created_by_name
    """
)
_RECALIBRATION_1 = _columns(
    """
    id number model_identifier model_version method intercept slope variance_intercept
    covariance variance_slope p50_points k_points_per_logit n events operated_from
    operated_to population data_sha256 evidence form_token proposed_at proposed_by_id
    proposed_by_name
    """
)
_DECISION_1 = _columns(
    """
    id recalibration_id decision reason form_token decided_at decided_by_id decided_by_name
    """
)
_RECALIBRATED_1 = _columns(
    """
    assessment_id recalibration_id restored_risk restored_ci95_low restored_ci95_high
    not_restored_risk not_restored_ci95_low not_restored_ci95_high
    """
)
_LABORATORY_SOURCE_1 = _columns("id assessment_id predictor result_id message_digest")
_WARD_1 = _columns(
    """
    revision hospital_name ward_name time_zone pdw_unit shows_first_steps shows_users_funnel
    need_to_know changed_at changed_by_id changed_by_name
    """
)
_WARD_2 = (*_WARD_1, "paper")

# LIMIT 1: a row added under another's key, its constraint put aside, is found and does not end the
# check that looks for it.
_NUMBER_OF_PATIENT = (
    "(SELECT p.hospital_number FROM scoring_patient p WHERE p.id = t.patient_id LIMIT 1)"
)
_OF_VERSION = "FROM scoring_assessment a WHERE a.id = t.assessment_id LIMIT 1"
_NUMBER_OF_CURVE = (
    "(SELECT r.number FROM scoring_recalibration r WHERE r.id = t.recalibration_id LIMIT 1)"
)

RECORD_TABLES = {
    table.model: table
    for table in (
        RecordTable(
            model="patient",
            layouts=(_PATIENT_1,),
            # The only row that changes: each correction of the identity makes another state of it.
            key="concat(t.id, '/', t.revision)",
            salt="t.salt",
            salt_column="salt",
            about={"number": "t.hospital_number"},
            # The texts follow from the name, and a later version may fold names otherwise. The ward
            # says who may see the patient, and is moved by itself: not checked.
            left_out=frozenset({"search_name", "search_characters", "ward_id"}),
        ),
        RecordTable(
            model="patientcorrection",
            layouts=(_CORRECTION_1,),
            pk_type="bigint",
            about={"number": _NUMBER_OF_PATIENT, "revision": "t.revision"},
            left_out=frozenset({"old_search_name", "old_search_characters"}),
        ),
        RecordTable(
            model="assessmentchain",
            layouts=(("id", "report_year", "report_serial"),),
            # The log names report numbers anyhow: nothing to hide.
            salt="''",
            salt_column="",
            about={"year": "t.report_year", "serial": "t.report_serial"},
            # Triggers copy them from versions and outcomes, rbp is generated from them.
            left_out=frozenset(
                _columns(
                    "current_id state operation_date day_3 day_30 vas_day_3 vas_day_30"
                    " vas_day_3_on vas_day_30_on vas_known_at synthetic rbp follow_up_ended"
                    " patient_died"
                )
            ),
        ),
        RecordTable(
            model="assessment",
            layouts=(_ASSESSMENT_1,),
            about=_report("t.chain_id") | {"version": "t.version"},
        ),
        RecordTable(
            model="outcome",
            layouts=(_OUTCOME_1,),
            about=_report("t.chain_id") | {"day": "t.time_point", "version": "t.version"},
        ),
        RecordTable(
            model="recalibration", layouts=(_RECALIBRATION_1,), about={"number": "t.number"}
        ),
        RecordTable(
            model="recalibrationdecision",
            layouts=(_DECISION_1,),
            pk_type="bigint",
            about={"number": _NUMBER_OF_CURVE, "decision": "t.decision"},
        ),
        RecordTable(
            model="recalibratedrisk",
            layouts=(_RECALIBRATED_1,),
            pk="assessment_id",
            key="t.assessment_id::text",
            salt=f"(SELECT a.form_token {_OF_VERSION})",
            about=_report(f"(SELECT a.chain_id {_OF_VERSION})")
            | {"version": f"(SELECT a.version {_OF_VERSION})"},
        ),
        RecordTable(
            model="laboratorysource",
            layouts=(_LABORATORY_SOURCE_1,),
            pk_type="bigint",
            # Keys and a digest: nothing that could be guessed.
            salt="''",
            salt_column="",
            about=_report(f"(SELECT a.chain_id {_OF_VERSION})")
            | {"version": f"(SELECT a.version {_OF_VERSION})", "predictor": "t.predictor"},
        ),
        RecordTable(
            model="wardsettings",
            layouts=(_WARD_1, _WARD_2),
            pk="revision",
            pk_type="bigint",
            key="t.revision::text",
            # Nothing about a patient.
            salt="''",
            salt_column="",
            about={"revision": "t.revision"},
        ),
    )
}

# Models without digests. What follows from the record is compared with it.
WITHOUT_DIGEST = {
    "reportcounter": "follows from the chains",
    "indexassessment": "follows from the versions",
    "cachedvalidation": "no part of the record: whatever is missing is computed again",
    "keptreport": "no part of the record: whatever is missing is made again",
    "laboratorymessage": "what other systems said; the source of a value holds its digest",
    "laboratoryresult": "read from the messages",
    "numbermerge": "read from the messages, too",
    "draft": "no part of the record: unfinished forms",
    "ehrreading": "no part of the record: what was read for a form that is not saved yet",
    "cdsstate": "no part of the record: when other programs called last",
    "seentoken": "no part of the record: tokens that were used, until they expire",
    "laboratorycolumns": "no part of the record: how tables are read; each change is in the log",
    "user": "accounts: each change has its line in the access log",
    "passkey": "accounts, too",
    "applicationtoken": "accounts, too: of other programs",
    "ward": "accounts, too: whose patients a user sees",
    "auditevent": "the access log: has its own digests and seals",
    "auditseal": "the access log's chain",
    "auditwaiting": "which lines wait for a seal",
    "auditshipment": "how far the access log was sent",
}
