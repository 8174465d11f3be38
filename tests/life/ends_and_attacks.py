"""What ends the waiting of an assessment, and what somebody tries who has a SQL prompt."""

from collections.abc import Callable
from dataclasses import dataclass

from scoring.models import Assessment
from tests.life import acts, oracle

ATTACKS = {
    "change a version": "UPDATE scoring_assessment SET reason = '' WHERE id = %(version)s",
    "delete a version": "DELETE FROM scoring_assessment WHERE id = %(version)s",
    "another current version": "UPDATE scoring_assessmentchain SET current_id = %(version)s "
    "WHERE report_serial = %(serial)s",
    "another state": "UPDATE scoring_assessmentchain SET state = 'final' "
    "WHERE report_serial = %(serial)s",
    "forget who did it": "DELETE FROM scoring_auditevent",
    "VAS 11": "INSERT INTO scoring_outcome (id, chain_id, time_point, version, vas, measured_on, "
    "not_evaluable, cautions, reason, form_token, created_at, created_by_id, created_by_name) "
    "SELECT gen_random_uuid(), chain_id, 3, 1, 11, operation_date + 3, '', '[]', '', "
    "gen_random_uuid(), now(), created_by_id, created_by_name "
    "FROM scoring_assessment WHERE id = %(version)s",
    "another name": "UPDATE scoring_patient SET family_name = 'Nobody', revision = revision + 1",
    "fewer report numbers": "DELETE FROM scoring_assessmentchain",
}


@dataclass(frozen=True)
class End:
    """What ends the waiting of a provisional assessment, or begins it again."""

    allowed: set[str]
    state: str
    status: str
    action: str
    act: Callable[..., Assessment]


ENDS = {
    "no_radiograph": End(
        {"provisional"}, "no_radiograph", "done", "radiograph_not_taken", acts.without_radiograph
    ),
    "cancel": End(
        oracle.COMPLETABLE, "cancelled", "planned", "operation_cancelled", acts.cancelled
    ),
    "resume": End(
        {"no_radiograph", "cancelled"}, "provisional", "", "assessment_resumed", acts.resumed
    ),
}
