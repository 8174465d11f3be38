"""The correction of an assessment: a new version, beside the other where two correct at once."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from scoring import actions, queries
from scoring.forms import AssessmentForm, PatientForm, half_filled, initial_of, questions, refusals
from scoring.forms.life import ReasonForm
from scoring.forms.links import error_links
from scoring.forms.matching import form_matches
from scoring.http.actor import actor, log
from scoring.models import Assessment, AuditEvent
from scoring.models.codes import UNCOUNTED
from scoring.report import changes
from scoring.report.sheet import Sheet
from scoring.web import after_saving, asking, drafts, filled_in, hints, laboratory_offers
from scoring.web.access import submission
from scoring.web.live import LivePoints
from scoring.web.unfinished import unfinished
from scoring.web.versions import makes_version, redirect_to_current


@dataclass(frozen=True)
class AmendForms:
    """Whose assessment it is, what was entered, and why it is corrected.

    ``were_left``: filled in before, and left before they were sent.
    """

    patient: PatientForm
    assessment: AssessmentForm
    reason: ReasonForm
    were_left: bool = False

    @classmethod
    def sent(cls, data: QueryDict) -> "AmendForms":
        """As they were sent, judged."""
        patient = PatientForm(data)
        patient.is_valid()
        assessment = AssessmentForm(data, **patient.age_source(), sent=True)
        return cls(patient, assessment, ReasonForm(data))

    def is_valid(self) -> bool:
        """Whether each of them is; all are judged."""
        return all([self.patient.is_valid(), self.assessment.is_valid(), self.reason.is_valid()])

    def says_the_same_as(self, made: Assessment) -> bool:
        """Whether the forms still hold what they made a version with."""
        if self.were_left:
            return False
        return self.reason.says_the_same_as(made) and form_matches(
            self.patient, self.assessment, made
        )


def _amend_forms(request: HttpRequest, assessment: Assessment) -> AmendForms:
    if (typed := filled_in.taken(request)) is not None:
        return AmendForms(*half_filled(typed), ReasonForm(initial=typed.dict()), were_left=True)
    if request.method == "POST":
        return AmendForms.sent(request.POST)
    typed = drafts.taken_back(request)
    if typed is not None:
        return AmendForms(*half_filled(typed), ReasonForm(initial=typed.dict()), were_left=True)
    return AmendForms(*initial_of(assessment))


def _amend_page(
    request: HttpRequest,
    assessment: Assessment,
    forms: AmendForms,
    overtaken_by: Assessment | None = None,
    asked: list[questions.Question] | None = None,
) -> HttpResponse:
    """The form of a correction; after a conflict, with both versions side by side."""
    base = overtaken_by or assessment
    if base.patient != assessment.patient:
        # It was moved meanwhile.
        log(request, AuditEvent.Action.ASSESSMENT_VIEWED, assessment=base)
    if request.method == "POST":
        hints.log_shown(request, forms.patient)
    context = {
        "questions": asked,
        "assessment": base,
        "patient": base.patient,
        "form_patient": forms.patient.patient,
        "patient_form": forms.patient,
        "form": forms.assessment,
        "reason_form": forms.reason,
        "laboratory_offers": laboratory_offers.shown(request, forms.patient, forms.patient.patient),
        "live": LivePoints(forms.assessment),
        "rescored_text": Sheet(base).rescored_text,
        "errors": error_links(forms.patient, forms.assessment, forms.reason),
        "drafts": unfinished(request) if request.method in {"GET", "HEAD"} else [],
        "overtaken_by": overtaken_by,
        "theirs": _theirs(assessment, overtaken_by),
        "mine": _mine(forms, overtaken_by),
        **({} if asked else hints.beside(request, forms.patient)),
    }
    is_refused = request.method == "POST" and not filled_in.is_asked_for(request)
    status = 409 if overtaken_by else 422 if is_refused else 200
    return render(request, "scoring/assessment_amend.html", context, status=status)


def _theirs(assessment: Assessment, current: Assessment | None) -> list[changes.ChangedValue]:
    """What the version that came in between changed."""
    return changes.between(assessment, current) if current else []


def _mine(forms: AmendForms, current: Assessment | None) -> list[changes.ChangedValue]:
    """What saving this form would change of the version that came in between."""
    if current is None or not (forms.patient.is_valid() and forms.assessment.is_valid()):
        return []
    return changes.differences(
        changes.entry_words(current.entry, current.patient),
        changes.entry_words(forms.assessment.entry(), forms.patient.entry()),
    )


def _amend_opened(request: HttpRequest, assessment: Assessment, forms: AmendForms) -> HttpResponse:
    """The form as on record, or as the user left it; then also with a conflict."""
    current = queries.current_version(assessment.chain)
    is_overtaken = current != assessment or current.state in UNCOUNTED
    if is_overtaken and not forms.were_left:
        return redirect_to_current(request, assessment)
    return _amend_page(request, assessment, forms, current if is_overtaken else None)


@makes_version(_amend_forms)
def assessment_amend(
    request: HttpRequest, assessment: Assessment, forms: AmendForms
) -> HttpResponse:
    """Correct any input, or whose assessment it is, with a reason; the old version stays."""
    if request.method != "POST":
        return _amend_opened(request, assessment, forms)
    if drafts.is_left(request):
        return drafts.left(request)
    if filled_in.is_asked_for(request):
        return _amend_page(request, assessment, forms)
    if not forms.is_valid():
        return _amend_page(request, assessment, forms)
    entry, patient = forms.assessment.entry(), forms.patient.entry()
    about = questions.about_assessment(patient, entry, amended=assessment)
    if asked := asking.asked(request, about):
        return _amend_page(request, assessment, forms, asked=asked)
    try:
        version = actions.amend(
            by=actor(request),
            assessment=assessment,
            patient=patient,
            entry=entry,
            reason=forms.reason.cleaned_data["reason"],
            submission=submission(request, forms.assessment),
            taken=forms.assessment.taken,
        )
    except actions.StaleVersionError as stale:
        return _amend_page(request, assessment, forms, overtaken_by=stale.current)
    except actions.NotAllowedInStateError:
        # Voided or cancelled: what was typed stays on the page until that is undone.
        return _amend_page(request, assessment, forms, overtaken_by=assessment)
    except actions.MixedPatientsError:
        forms.patient.add_error("hospital_number", refusals.SYNTHETIC)
        return _amend_page(request, assessment, forms)
    except actions.OutcomeBeforeOperationError:
        forms.assessment.add_error("operation_date", refusals.VAS_BEFORE_OPERATION)
        return _amend_page(request, assessment, forms)
    except actions.HospitalNumberTakenError:
        # Registered by somebody else since the form was checked: show who it is.
        return _amend_page(request, assessment, AmendForms.sent(request.POST))
    return after_saving.leads_on(request, version)
