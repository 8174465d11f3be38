"""What the database refuses, and does, when a version is recorded."""

from ._triggers import append_only, never_deleted, trigger

# Where each column of a first final comes from.
FIRST_FINAL = {
    "chain_id": "NEW.chain_id",
    "assessment_id": "NEW.id",
    "patient_id": "NEW.patient_id",
    "created_at": "NEW.created_at",
    "population": "NEW.population",
    "model_identifier": "NEW.model_identifier",
    "model_version": "NEW.model_version",
    "age_years": "NEW.age_years",
    "t_score": "NEW.t_score",
    "trauma_history": "NEW.trauma_history",
    "posterior_fascia_edema": "NEW.posterior_fascia_edema",
    "pdw_fl": "NEW.pdw_fl",
    "chloride_mmol_l": "NEW.chloride_mmol_l",
    "mvh_restored": "NEW.mvh_restored",
    "total_points": "COALESCE(NEW.restored_total_points, NEW.not_restored_total_points)",
    "risk": "COALESCE(NEW.restored_risk, NEW.not_restored_risk)",
}

operations = [
    *append_only("assessment", "assessment", marks=("0b3b6", "27d56")),
    trigger(
        "assessment",
        "assessment_before_its_outcomes",
        mark="2a208",
        fires="BEFORE INSERT",
        function="""
                    IF EXISTS (
                        SELECT 1 FROM scoring_outcome o
                        WHERE o.chain_id = NEW.chain_id AND o.measured_on <= NEW.operation_date
                          AND NOT EXISTS (
                              SELECT 1 FROM scoring_outcome s WHERE s.supersedes_id = o.id
                          )
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: an outcome lies after the operation'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
    ),
    trigger(
        "assessment",
        "assessment_becomes_current",
        mark="441fe",
        fires="AFTER INSERT",
        function="""
                    UPDATE scoring_assessmentchain
                    SET current_id = NEW.id, state = NEW.state, operation_date = NEW.operation_date,
                        synthetic = synthetic OR EXISTS (
                            SELECT 1 FROM scoring_patient p
                            WHERE p.id = NEW.patient_id AND p.synthetic
                        )
                    WHERE id = NEW.chain_id;
                    RETURN NULL;
                """,
    ),
    trigger(
        "assessment",
        "assessment_first_final",
        mark="f2a2c",
        fires="AFTER INSERT",
        condition="WHEN (NEW.\"state\" = 'final')",
        function=f"""
    INSERT INTO scoring_firstfinal ({", ".join(FIRST_FINAL)}) VALUES ({", ".join(FIRST_FINAL.values())}) ON CONFLICT (chain_id) DO NOTHING;
    RETURN NULL;
""",
    ),
    *never_deleted("assessmentchain", "chain", marks=("a26f6", "1d7d5")),
    trigger(
        "assessmentchain",
        "chain_moved_by_versions_only",
        mark="42ea5",
        fires="BEFORE UPDATE",
        function="""
                    -- Depth 2 is the trigger of an inserted version; all else is refused.
                    IF pg_trigger_depth() < 2 OR NEW.id <> OLD.id
                       OR NEW.report_year <> OLD.report_year
                       OR NEW.report_serial <> OLD.report_serial THEN
                        RAISE EXCEPTION 'pgtrigger: a chain moves only by a new version';
                    END IF;
                    RETURN NEW;
                """,
    ),
    trigger(
        "assessmentchain",
        "chain_begins_empty",
        mark="86b07",
        fires="BEFORE INSERT",
        function="""
                    -- Else a chain could call another chain's version its current one.
                    IF NEW.current_id IS NOT NULL OR NEW.state <> ''
                       OR NEW.operation_date IS NOT NULL
                       OR NEW.day_3 <> 'open' OR NEW.vas_day_3 IS NOT NULL
                       OR NEW.day_30 <> 'open' OR NEW.vas_day_30 IS NOT NULL
                       OR NEW.vas_day_3_on IS NOT NULL OR NEW.vas_day_30_on IS NOT NULL
                       OR NEW.vas_known_at IS NOT NULL OR NEW.synthetic THEN
                        RAISE EXCEPTION 'pgtrigger: a chain begins empty'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
    ),
]
