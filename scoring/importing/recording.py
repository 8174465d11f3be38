"""The rows of a table recorded one by one, as the forms of the pages would be."""

from collections.abc import Generator
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from scoring import actions
from scoring.entry import Origin, Submission
from scoring.files.blocks import Row
from scoring.importing.columns import Columns
from scoring.importing.judging import Judge, Outcome, RowResult, placed
from scoring.models import AuditEvent, Patient, User

# While all rows wait for the last, nobody else gets a report number.
MOST_ROWS_AT_ONCE = 300


class Import:
    """One import by one user; ``origin``: where it was asked for.

    Whose patients the user sees, and the time zone of the ward, are set by whoever calls.
    ``past_is_right`` and ``how_to_say_so`` are as for ``Judge``.
    """

    def __init__(
        self,
        *,
        by: User,
        columns: Columns,
        origin: Origin,
        past_is_right: bool = False,
        how_to_say_so: str,
    ) -> None:
        self._by, self._columns, self._origin = by, columns, origin
        self._judge = Judge(columns, past_is_right=past_is_right, how_to_say_so=how_to_say_so)

    def checked(self, rows: list[Row]) -> list[RowResult]:
        """What would become of each row if it alone were recorded; nothing is."""
        results = [self._judge.judged(row).result for row in rows]
        self._log_shown()
        return results

    def all_or_nothing(self, rows: list[Row]) -> list[RowResult]:
        """Record all rows in one transaction, or none if one is refused."""
        with transaction.atomic():
            results = [self._record(row) for row in rows]
            is_whole = all(result.outcome is not Outcome.REFUSED for result in results)
            if is_whole:
                self._log(results)
            transaction.set_rollback(not is_whole)
        if is_whole:
            return results
        results = [_taken_back(result) for result in results]
        # A patient of an earlier row is on record no more.
        judge = self._judge
        judge.shown = [one for one in judge.shown if Patient.objects.filter(pk=one.pk).exists()]
        self._log(results)
        return results

    def good_rows(self, rows: list[Row]) -> Generator[RowResult, None, None]:
        """Record each row that is right, in a transaction of its own."""
        results: list[RowResult] = []
        try:
            for row in rows:
                results.append(self._record(row))
                yield results[-1]
        finally:
            self._log(results)

    def _log_shown(self) -> None:
        """Whom errors tell of is written to the access log, whatever becomes of the rows."""
        for patient in self._judge.shown:
            looked_up = AuditEvent.Action.PATIENT_LOOKED_UP
            actions.log_event(by=self._by, action=looked_up, origin=self._origin, patient=patient)

    def _log(self, results: list[RowResult]) -> None:
        self._log_shown()
        detail: dict[str, object] = {"rows": len(results)}
        for outcome in Outcome:
            detail[outcome.value] = sum(result.outcome is outcome for result in results)
        imported = AuditEvent.Action.ASSESSMENTS_IMPORTED
        actions.log_event(by=self._by, action=imported, origin=self._origin, detail=detail)

    def _record(self, row: Row) -> RowResult:
        judged = self._judge.judged(row)
        if judged.result.outcome is not Outcome.NOT_RECORDED:
            return judged.result
        try:
            made = actions.record_assessment(
                by=self._by,
                patient=judged.patient.entry(),
                entry=judged.version.entry(),
                submission=Submission(token=judged.token, origin=self._origin),
            )
        except actions.HospitalNumberTakenError:
            # Registered by somebody else at this moment.
            column = self._columns.name_of("hospital_number")
            said = placed(judged.result.row, column, _("this number is on record."))
            return replace(judged.result, outcome=Outcome.REFUSED, errors=(said,))
        return self._judge.recorded(judged, made)


def _taken_back(result: RowResult) -> RowResult:
    if result.outcome is not Outcome.RECORDED:
        return result
    return replace(result, outcome=Outcome.NOT_RECORDED, report_number="", made=None)
