"""The site's role against a record: what it may change for its triggers, it can't change by hand.

The library of the triggers has a setting of the session that makes them do nothing. It has no
effect any more.
"""

import pgtrigger
import psycopg2.errors
import pytest

from tests import cast
from tests.attack.conftest import Attacker
from tests.life import acts, record

ATTEMPTS = [
    # Back to an earlier version, and away with what came of the patient.
    "UPDATE scoring_assessmentchain SET current_id = (SELECT supersedes_id FROM scoring_assessment"
    " WHERE id = scoring_assessmentchain.current_id)",
    "UPDATE scoring_assessmentchain SET current_id = NULL, state = ''",
    *(
        f"UPDATE scoring_assessmentchain SET {change}"  # noqa: S608
        for change in (
            "state = 'voided'",
            "operation_date = operation_date - 1",
            "synthetic = true",
            "day_3 = 'open'",
            "day_30 = 'not_evaluable'",
            "vas_day_3 = 0",
            "vas_day_30 = 0",
            "vas_day_3_on = NULL",
            "vas_day_30_on = NULL",
            "vas_known_at = NULL",
            "follow_up_ended = true",
            "patient_died = true",
        )
    ),
    "INSERT INTO scoring_assessmentchain (id, report_year, report_serial, state, day_3, day_30)"
    " SELECT id, 2001, 1, '', 'open', 'open' FROM scoring_assessmentchain"
    " ON CONFLICT (id) DO UPDATE SET state = 'voided'",
    "INSERT INTO scoring_assessmentchain"
    " (id, report_year, report_serial, state, day_3, day_30, current_id)"
    " SELECT gen_random_uuid(), 2001, 1, 'final', 'open', 'open', current_id"
    " FROM scoring_assessmentchain",
    "DO $$ BEGIN UPDATE scoring_assessmentchain SET state = 'voided'; END $$",
    "UPDATE scoring_indexassessment SET risk = 0.01",
    "UPDATE scoring_indexassessment SET assessment_id = assessment_id",
    "UPDATE scoring_indexassessment SET patient_id = gen_random_uuid()",
    "INSERT INTO scoring_indexassessment SELECT * FROM scoring_indexassessment",
    "UPDATE scoring_patient SET family_name = 'Li'",
    "UPDATE scoring_patient SET family_name = 'Li', revision = revision + 1",
    "UPDATE scoring_patient SET revision = 0",
    "UPDATE scoring_patient SET hospital_number = 'H2', revision = revision + 1",
]


@pytest.mark.usefixtures("transactional_db")
def test_a_record_that_was_made_stays_as_it_is(attacker: Attacker) -> None:
    first = acts.amended(acts.completed(acts.provisional()))
    acts.outcome(first, acts.measured(3, 7))
    acts.corrected(first.patient, cast.person(given_name="Xiulian"))
    before, copied = record.everything(), record.rows_of("scoring_indexassessment")
    skips = [
        name
        for model, trigger in pgtrigger.registered()
        for name in (trigger.get_pgid(model), f"{model._meta.db_table}:{trigger.get_pgid(model)}")
    ]
    settings = [[], [f"SET pgtrigger.ignore = '{{{','.join(skips)}}}'"]]
    for statement in ATTEMPTS:
        for setting in settings:
            attacker.is_refused(
                statement,
                (psycopg2.errors.RaiseException, psycopg2.errors.CheckViolation),
                *setting,
            )
    assert len(settings) * len(ATTEMPTS) >= 40
    assert record.everything() == before
    assert record.rows_of("scoring_indexassessment") == copied
