"""What a result says about one assessment: the same on the page and on paper."""

from collections.abc import Mapping
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import charts
from scoring.entry.windows import DoubtfulDay, doubtful_days
from scoring.models import Assessment
from scoring.models.codes import AMENDABLE, COMPLETABLE, Change, OperationStatus, State
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.model import Result
from scoring.nomogram.predictor import Predictor
from scoring.report import recalibrated, summary_text
from scoring.report.fonts import unprintable_count
from scoring.report.recalibrated import Recalibrated
from scoring.report.result_text import ResultText
from scoring.report.rows import operation_moment, source_text
from scoring.report.windows import doubt_text, doubt_title
from scoring.words.dates import born_text, day_text
from scoring.words.eligibility import CRITERION_NAMES
from scoring.words.reasons import reason_text
from scoring.words.types import Words

# Of the widest letters, beside birth date, sex and number on two lines.
_LETTERS_OF_HEAD = 60


class Sheet(ResultText):
    """One assessment with everything a result page or report says about it."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.patient = assessment.patient

    @cached_property
    def result(self) -> Result:
        """The stored result."""
        return self.assessment.result

    @property
    def answers(self) -> Mapping[Criterion, Answer]:
        """The recorded answers about eligibility."""
        return self.assessment.answers

    def source_text(self, predictor: Predictor) -> str:
        """Where a value comes from and of which day; what was not stated is said."""
        return source_text(self.assessment, predictor)

    @property
    def total_text(self) -> str:
        """Total points; both totals where two are possible."""
        a = self.assessment
        return summary_text.total_text(a.restored_total_points, a.not_restored_total_points)

    @property
    def risk_text(self) -> str:
        """Risk in whole per cent; both where two are possible: "44 or 77 %"."""
        return summary_text.risk_text(
            self.assessment.restored_risk, self.assessment.not_restored_risk
        )

    @property
    def cutoff_text(self) -> str:
        """At or above, below, or depending on the height."""
        return summary_text.side_text(self.assessment.bands)

    @property
    def cautions(self) -> list[tuple[str, str]]:
        """Those about values, then those about days that were confirmed."""
        return super().cautions + [(doubt_title(d), doubt_text(d)) for d in self._doubtful_days]

    @cached_property
    def _doubtful_days(self) -> list[DoubtfulDay]:
        """By the days on which they were first entered: another value may be amended long after."""
        a = self.assessment
        entered_at = a.first_said_at("operation_date")
        found_at = a.first_said_at("mvh_restored", "radiograph_date")
        return list(
            doubtful_days(
                a.entry.recorded(),
                timezone.localdate(entered_at),
                found_on=timezone.localdate(found_at),
            )
        )

    @property
    def operation_text(self) -> str:
        """PKP of L1 on 13-Mar-2026 08:30, or planned for it."""
        a = self.assessment
        values = {"level": a.fracture_level, "moment": operation_moment(a)}
        if self.is_planned:
            if a.is_cancelled:
                return _("PKP of %(level)s, planned for %(moment)s, cancelled") % values
            return _("PKP of %(level)s planned for %(moment)s") % values
        return _("PKP of %(level)s on %(moment)s") % values

    @property
    def born_text(self) -> str:
        """born 14-Jul-1945, or that it is not known."""
        return born_text(self.patient.birth_date)

    @property
    def is_planned(self) -> bool:
        """Whether the operation was still to come when the version was made."""
        return self.assessment.operation_status == OperationStatus.PLANNED

    @property
    def not_assessed(self) -> list[Words]:
        """Criteria that were left open; what only the time after the operation tells is not yet."""
        later = CRITERION_NAMES[Criterion.NEW_VERTEBRAL_FRACTURE]
        return [name for name in super().not_assessed if not (self.is_planned and name is later)]

    @property
    def is_for_patient(self) -> bool:
        """Whether a sheet for the patient can be made: a valid version, of a study-like patient."""
        return not (self.watermark or self.outside)

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
    def resume_text(self) -> str:
        """What undoes the end of the waiting; empty where nothing ended it."""
        if self.superseded:
            return ""
        return {
            State.NO_RADIOGRAPH.value: _("Await the radiograph again"),
            State.CANCELLED.value: _("Undo the cancellation"),
        }.get(self.assessment.state, "")

    @property
    def ended_texts(self) -> tuple[str, str] | None:
        """What ended the waiting for the radiograph, and what follows from it."""
        return {
            State.NO_RADIOGRAPH.value: (
                _("No radiograph was taken"),
                _("The result stays provisional. If the radiograph turns up, complete it."),
            ),
            State.CANCELLED.value: (
                _("Operation cancelled"),
                _("No prediction applies. Nothing is due, and it does not count in statistics."),
            ),
        }.get(self.assessment.state)

    @property
    def stage_text(self) -> str:
        """Where the version stands to the 24-hour radiograph; empty where there will be none."""
        if self.assessment.state == State.NO_RADIOGRAPH:
            return _("without a 24-hour radiograph")
        if self.assessment.state == State.CANCELLED:
            return ""
        if self.provisional:
            return _("before the 24-hour radiograph")
        return _("after the 24-hour radiograph")

    @property
    def reinstatable(self) -> bool:
        """Whether a void can be undone."""
        return not self.superseded and self.assessment.state == State.VOIDED

    @property
    def birth_date_caution(self) -> str:
        """What to say where the birth date was corrected since the result was made; else empty."""
        made_with = self.assessment.birth_date
        if made_with == self.patient.birth_date:
            return ""
        said = _("This result was made with %(day)s and keeps the age of %(age)s.") % {
            "day": _("date of birth not known") if made_with is None else day_text(made_with),
            "age": self.assessment.age_years,
        }
        return f"{said} {_('Amend it to use the corrected age.')}" if self.amendable else said

    @cached_property
    def recalibrated(self) -> Recalibrated | None:
        """The risk by the curve adjusted to this hospital, where the version has one."""
        return recalibrated.stored(self.assessment)

    @property
    def reason_text(self) -> str:
        """Why this version was made, where a reason was needed."""
        return reason_text(self.assessment.reason)

    @property
    def boxes(self) -> int:
        """How many characters that people typed print as boxes, because no font has them."""
        a = self.assessment
        names = (a.patient.family_name, a.patient.given_name, a.created_by_name)
        return unprintable_count(*names, a.reason)

    @property
    def change_label(self) -> str:
        """The word for how this version came to be."""
        return str(Change(self.assessment.change).label)

    @property
    def unchanged_text(self) -> str:
        """What to say of a version that differs from the one before in no value."""
        if self.assessment.change == Change.VOID:
            return _("Voided; no value changed.")
        if self.assessment.change == Change.REINSTATE:
            return _("The void was undone; no value changed.")
        return _("No value changed.")

    @property
    def is_dense(self) -> bool:
        """Whether the printed page has so much to say that it needs smaller type."""
        is_full = self.outside or len(self.cautions) > 2 or self.recalibrated
        return bool(is_full or self.has_long_name)

    @property
    def has_long_name(self) -> bool:
        """Whether the name may need more lines than the head of a printed page has."""
        return len(str(self.assessment.patient)) > _LETTERS_OF_HEAD

    @property
    def paper_classes(self) -> str:
        """The style classes of the printed page."""
        classes = {
            "dense": self.is_dense,
            "tall": self.has_long_name,
            "invalid": bool(self.watermark),
        }
        return " ".join(name for name, applies in classes.items() if applies)

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
