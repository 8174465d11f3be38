"""What a chain keeps of outcomes that end a follow-up: SQL of the triggers that keep it.

A death is said by one assessment and counts for all of the patient's. Whoever changes what is
said of it locks the patient, and whoever gives the patient another assessment waits there and
then sees it. All is constants of this file and of the codes.
"""

from scoring.models.codes import ENDS_FOLLOW_UP, NotEvaluable, State

_ENDS = f"o.not_evaluable IN {tuple(code.value for code in ENDS_FOLLOW_UP)}"
_STANDS = "NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)"
_SAYS_DIED = f"o.not_evaluable = '{NotEvaluable.DIED.value}' AND {_STANDS}"
_VOIDED = f"'{State.VOIDED.value}'"
_LOCK_PATIENT = "PERFORM FROM scoring_patient p WHERE p.id = whose FOR NO KEY UPDATE;"
# Locked before they are read: a version that somebody is just saving may be the current one then.
_TELL_EVERY_CHAIN = f"""
                    {_LOCK_PATIENT}
                    PERFORM FROM scoring_assessmentchain c WHERE c.id IN (
                        SELECT a.chain_id FROM scoring_assessment a WHERE a.patient_id = whose
                    ) ORDER BY c.id FOR NO KEY UPDATE;
                    UPDATE scoring_assessmentchain c SET patient_died = said.died
                    FROM (SELECT EXISTS (
                        SELECT FROM scoring_assessment a
                        JOIN scoring_assessmentchain t
                          ON t.current_id = a.id AND t.state <> {_VOIDED}
                        JOIN scoring_outcome o ON o.chain_id = t.id AND {_SAYS_DIED}
                        WHERE a.patient_id = whose
                    ) AS died) said
                    WHERE c.patient_died <> said.died AND c.current_id IN (
                        SELECT a.id FROM scoring_assessment a WHERE a.patient_id = whose
                    );"""  # noqa: S608

# After an outcome was inserted, and the row of its chain changed and locked.
OUTCOME_TOLD = f"""
                    UPDATE scoring_assessmentchain c SET follow_up_ended = said.ended
                    FROM (SELECT EXISTS (
                        SELECT FROM scoring_outcome o
                        WHERE o.chain_id = NEW.chain_id AND {_ENDS} AND {_STANDS}
                    ) AS ended) said
                    WHERE c.id = NEW.chain_id AND c.follow_up_ended <> said.ended;
                    IF '{NotEvaluable.DIED.value}' NOT IN (NEW.not_evaluable, COALESCE((
                        SELECT o.not_evaluable FROM scoring_outcome o WHERE o.id = NEW.supersedes_id
                    ), '')) THEN
                        RETURN NULL;
                    END IF;
                    SELECT a.patient_id INTO whose FROM scoring_assessmentchain c
                    JOIN scoring_assessment a ON a.id = c.current_id WHERE c.id = NEW.chain_id;
                    {_TELL_EVERY_CHAIN}
                    RETURN NULL;
                """  # noqa: S608

# After a version was inserted and became the current one of its chain.
VERSION_TOLD = f"""
                    SELECT a.patient_id, a.state INTO before
                    FROM scoring_assessment a WHERE a.id = NEW.supersedes_id;
                    moved := before.patient_id IS DISTINCT FROM NEW.patient_id;
                    IF NOT moved AND (before.state = {_VOIDED}) = (NEW.state = {_VOIDED}) THEN
                        RETURN NULL;
                    END IF;
                    IF EXISTS (
                        SELECT FROM scoring_outcome o
                        WHERE o.chain_id = NEW.chain_id AND {_SAYS_DIED}
                    ) THEN
                        FOR whose IN
                            SELECT DISTINCT known.id
                            FROM (VALUES (NEW.patient_id), (before.patient_id)) known(id)
                            WHERE known.id IS NOT NULL ORDER BY known.id
                        LOOP{_TELL_EVERY_CHAIN}
                        END LOOP;
                    ELSIF moved THEN
                        -- The patient's other assessments know it.
                        whose := NEW.patient_id;
                        {_LOCK_PATIENT}
                        UPDATE scoring_assessmentchain c SET patient_died = said.died
                        FROM (SELECT EXISTS (
                            SELECT FROM scoring_assessment a
                            JOIN scoring_assessmentchain t
                              ON t.current_id = a.id AND t.id <> NEW.chain_id
                            WHERE a.patient_id = whose AND t.patient_died
                        ) AS died) said
                        WHERE c.id = NEW.chain_id AND c.patient_died <> said.died;
                    END IF;
                    RETURN NULL;
                """  # noqa: S608
