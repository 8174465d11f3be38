"""What a result says about one assessment: the same on the page and on paper."""

from collections.abc import Mapping
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.display import printed_letters
from scoring.entry.windows import DoubtfulDay, doubtful_days
from scoring.models import Assessment, Patient
from scoring.models.codes import (
    Answered,
    Change,
    Rbp,
)
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.model import Result
from scoring.nomogram.predictor import Predictor
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report import laboratory, recalibrated, summary_text
from scoring.report.fonts import unprintable_count
from scoring.report.recalibrated import Recalibrated
from scoring.report.result_text import ResultText
from scoring.report.rows import operation_moment, source_text
from scoring.report.scenarios import ScenarioText, scenario_texts
from scoring.report.standing import Standing
from scoring.report.windows import doubt_text, doubt_title
from scoring.words.dates import born_text, day_text
from scoring.words.eligibility import CRITERION_NAMES
from scoring.words.marks import alternatives, sentences
from scoring.words.reasons import reason_text
from scoring.words.types import Words

# Of the widest letters, beside birth date, sex and number on two lines.
_LETTERS_OF_HEAD = 60


def has_long_name(patient: Patient) -> bool:
    """Whether the name may need more lines than the head of a printed page has."""
    return printed_letters(str(patient)) > _LETTERS_OF_HEAD


class Sheet(Standing, ResultText):
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
        """The recorded answers about eligibility; a new fracture also as day 30 answered it."""
        given = self.assessment.answers
        if self._fracture_by_day_30 is False:
            return {**given, Criterion.NEW_VERTEBRAL_FRACTURE: Answer.NO}
        return given

    @cached_property
    def _fracture_by_day_30(self) -> bool | None:
        """What day 30 says of a new fracture that the version left open."""
        is_open = self.assessment.answers[Criterion.NEW_VERTEBRAL_FRACTURE] is Answer.NOT_ASSESSED
        if not is_open or self.was_moved:
            return None
        return self.assessment.chain.fracture_by_day_30

    @cached_property
    def was_moved(self) -> bool:
        """Whether the outcomes are those of another patient, to whom the assessment was moved."""
        return self.superseded and self.assessment.chain.was_moved_from(self.patient)

    @property
    def fracture_text(self) -> str:
        """What is known, or asked later, of a new fracture that the version left open."""
        chain = self.assessment.chain
        if self._fracture_by_day_30 is not None:
            if self._fracture_by_day_30:
                return _("New vertebral fracture: yes, by day 30.")
            return _("New vertebral fracture: none by day 30.")
        is_open = self.answers[Criterion.NEW_VERTEBRAL_FRACTURE] is Answer.NOT_ASSESSED
        is_asked = chain.is_counted and chain.day_30 == Answered.OPEN and chain.rbp == Rbp.PENDING
        if is_open and is_asked and not self.is_planned and not self.was_moved:
            return _("New vertebral fracture: asked again with the day-30 VAS.")
        return ""

    def source_text(self, predictor: Predictor) -> str:
        """Where a value comes from and of which day; what was not stated is said."""
        source = source_text(self.assessment, predictor)
        return laboratory.from_message(self.assessment, predictor, source)

    @property
    def read_from_servers(self) -> list[str]:
        """For each value that was read from a FHIR server: what it said, and in which resource."""
        return laboratory.read_from_servers(self.assessment)

    @property
    def rescored_text(self) -> str:
        """What saving a new version changes, where it is scored with a later model; or empty."""
        made_with = self.result.model
        if made_with.label == RONG_2025.label:
            return ""
        return _(
            "This assessment was scored with version %(version)s of the model. What you save here "
            "is scored with version %(latest)s: the points stay, the risk of the values on record "
            "becomes %(risk)s\u00a0%%."
        ) % {
            "version": made_with.version,
            "latest": RONG_2025.version,
            "risk": alternatives(text.risk for text in self.scenarios_as_saved),
        }

    @cached_property
    def scenarios_as_saved(self) -> list[ScenarioText]:
        """The scenarios that a new version with these values gets, by the current model."""
        if self.result.model.label == RONG_2025.label:
            return self.scenarios
        return scenario_texts(RONG_2025.assess(self.result.inputs), is_outside=bool(self.outside))

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
        """About values, days that were confirmed, and what the laboratory changed since."""
        doubts = [(doubt_title(d), doubt_text(d)) for d in self._doubtful_days]
        return super().cautions + doubts + self.changed_by_laboratory

    @cached_property
    def changed_by_laboratory(self) -> list[tuple[str, str]]:
        """Values that the laboratory took back or corrected since, each with what it says now."""
        return laboratory.changed_since(self.assessment)

    @cached_property
    def _doubtful_days(self) -> list[DoubtfulDay]:
        """By the days on which they were first entered: another value may be amended long after."""
        a = self.assessment
        entered_at, found_at = a.first_said_at(
            ["operation_date"], ["mvh_restored", "radiograph_date"]
        )
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
    def not_assessed(self) -> list[Words]:
        """Criteria that were left open; a new fracture only where it is not asked any more."""
        later = CRITERION_NAMES[Criterion.NEW_VERTEBRAL_FRACTURE]
        is_later = self.is_planned or self.fracture_text
        return [name for name in super().not_assessed if not (is_later and name is later)]

    @property
    def is_for_patient(self) -> bool:
        """Whether a sheet for the patient can be made: a valid version, of a study-like patient."""
        return not (self.watermark or self.outside)

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
        return sentences(said, _("Amend it to use the corrected age.") if self.amendable else "")

    @cached_property
    def recalibrated(self) -> Recalibrated | None:
        """The risk by the curve adjusted to this hospital, where the version has one."""
        return recalibrated.stored(self.assessment)

    @property
    def reason_text(self) -> str:
        """Why this version was made, where a reason was needed."""
        return reason_text(self.assessment.reason)

    @property
    def reason_beside_end(self) -> str:
        """The same, where what ended the waiting does not say it on the page."""
        return "" if self.end_in_force and self.end_says_reason else self.reason_text

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
    def change_with_reason(self) -> str:
        """The same with the reason, where one was given."""
        if not self.assessment.reason:
            return self.change_label
        return _("%(change)s (%(reason)s)") % {
            "change": self.change_label,
            "reason": self.reason_text,
        }

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
        return has_long_name(self.assessment.patient)

    @property
    def paper_classes(self) -> str:
        """The style classes of the printed page."""
        classes = {
            "dense": self.is_dense,
            "tall": self.has_long_name,
            "invalid": bool(self.watermark),
        }
        return " ".join(name for name, applies in classes.items() if applies)
