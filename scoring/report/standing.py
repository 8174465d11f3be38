"""Where a version of an assessment stands: its state, what ended it, what can be done with it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import charts
from scoring.models import Assessment
from scoring.models.codes import AMENDABLE, COMPLETABLE, Change, OperationStatus, State
from scoring.report import summary_text
from scoring.words.marks import labelled
from scoring.words.reasons import reason_clause


class Standing:
    """What a version says of itself beside its result."""

    assessment: Assessment

    @property
    def is_planned(self) -> bool:
        """Whether the operation was still to come when the version was made."""
        return self.assessment.operation_status == OperationStatus.PLANNED

    @property
    def lies_ahead(self) -> bool:
        """Whether the operation lies on a day to come."""
        return self.assessment.operation_date > timezone.localdate()

    @property
    def completable_now(self) -> bool:
        """Whether the radiograph's finding can be entered, and the operation does not lie ahead."""
        return self.completable and not self.lies_ahead

    @property
    def completable(self) -> bool:
        """Whether the radiograph's finding can be entered."""
        return not self.superseded and self.assessment.state in COMPLETABLE

    @property
    def completable_later(self) -> bool:
        """Whether it can be entered once the operation does not lie ahead any more."""
        return self.completable and self.lies_ahead

    @property
    def postponable(self) -> bool:
        """Whether a planned operation can get another day."""
        return self.amendable and self.completable and self.is_planned

    @property
    def is_awaited(self) -> bool:
        """Whether the radiograph is awaited by the current version."""
        return self.completable and self.waits

    @property
    def waits(self) -> bool:
        """Whether the radiograph is awaited, as far as this version knows."""
        return self.assessment.state == State.PROVISIONAL

    @property
    def amendable(self) -> bool:
        """Whether the version can be corrected."""
        return not self.superseded and self.assessment.state in AMENDABLE

    @property
    def voidable(self) -> bool:
        """Whether the version can be voided."""
        return not self.superseded and self.assessment.state != State.VOIDED

    @property
    def reinstatable(self) -> bool:
        """Whether a void can be undone."""
        return not self.superseded and self.assessment.state == State.VOIDED

    @property
    def resume_text(self) -> str:
        """What undoes the end of the waiting; empty where nothing ended it."""
        if self.superseded:
            return ""
        return {
            State.NO_RADIOGRAPH.value: _("Await the radiograph again"),
            State.CANCELLED.value: _("Undo the cancellation"),
        }.get(self.assessment.state, "")

    @property
    def end_says_reason(self) -> bool:
        """Whether the reason of this version belongs to what ended the waiting."""
        ends = {Change.NO_RADIOGRAPH, Change.CANCEL}
        return bool(self.assessment.reason) and self.assessment.change in ends

    @property
    def ended_texts(self) -> tuple[str, str] | None:
        """What ended the waiting for the radiograph with the reason, and what follows from it."""
        found = {
            State.NO_RADIOGRAPH.value: (
                _("No radiograph was taken"),
                _("The result stays provisional. If the radiograph turns up, complete it."),
            ),
            State.CANCELLED.value: (
                _("Operation cancelled"),
                _("No prediction applies. Nothing is due, and it does not count in statistics."),
            ),
        }.get(self.assessment.state)
        if found is None or not self.end_says_reason:
            return found
        return labelled(found[0], reason_clause(self.assessment.reason)), found[1]

    @property
    def end_in_force(self) -> tuple[str, str] | None:
        """The same of the current version; of another one it does not hold any more."""
        return None if self.superseded else self.ended_texts

    @property
    def stage_text(self) -> str:
        """Where the version stands to the 24-hour radiograph; empty where there will be none."""
        if self.assessment.state == State.NO_RADIOGRAPH:
            return _("without a 24-hour radiograph")
        if self.assessment.state == State.CANCELLED:
            return ""
        if self.assessment.mvh_restored is None:
            return _("before the 24-hour radiograph")
        return _("after the 24-hour radiograph")

    @property
    def watermark(self) -> str:
        """The word across a page that is not the valid one, or whose prediction does not apply."""
        if self.superseded:
            return _("SUPERSEDED")
        return {
            State.VOIDED.value: _("VOIDED"),
            State.CANCELLED.value: _("OPERATION CANCELLED"),
        }.get(self.assessment.state, "")

    @property
    def watermark_drawing(self) -> str:
        """The same word in outline, to lie over the page; empty where the version is valid."""
        return charts.watermark_svg(self.watermark) if self.watermark else ""

    @property
    def replaced_by_text(self) -> str:
        """Which version is the current one, of a superseded version; else empty."""
        current = self.assessment.chain.current
        if current is None or not self.superseded:
            return ""
        return _("Version %(version)s is the current version.") % {"version": current.version}

    @property
    def superseded(self) -> bool:
        """Whether there is a later version."""
        return not self.assessment.is_current

    @property
    def state_code(self) -> str:
        """The state a list shows: superseded comes before what a version is in itself."""
        return "superseded" if self.superseded else self.assessment.state

    @property
    def state_label(self) -> str:
        """The word for the state."""
        return summary_text.state_label(self.state_code)
