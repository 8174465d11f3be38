"""New versions of an assessment: complete, amend, void, reinstate."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from scoring import actions, queries
from scoring.models import Assessment, AuditEvent, Right
from scoring.models.codes import State
from scoring.report import changes
from scoring.report.sheet import Sheet
from scoring.web import drafts, questions, resent
from scoring.web.access import of_assessment, signed_in_user, submission
from scoring.web.forms import AssessmentForm, PatientForm, half_filled, initial_of
from scoring.web.forms.life import CompleteForm, OnceForm, ReasonForm
from scoring.web.forms.links import error_links
from scoring.web.live import LivePoints

Action = AuditEvent.Action
get_or_post = require_http_methods(["GET", "POST"])


def _overtaken(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Lead to the version that is current now, and say why nothing was done."""
    if not assessment.is_current:
        said = _(
            "Version %(version)s is not the current one any more. This one is; nothing was changed."
        ) % {"version": assessment.version}
    elif assessment.state == State.VOIDED:
        said = _("This assessment is voided: undo the void first. Nothing was changed.")
    else:
        said = _("This assessment is not in the state for that. Nothing was changed.")
    messages.warning(request, said)
    return redirect("assessment-result", pk=assessment.chain.current_id)


def _page(
    request: HttpRequest, template: str, assessment: Assessment, form: OnceForm, **more: object
) -> HttpResponse:
    drafts.fill_in(request, form)
    context = {
        "assessment": assessment,
        "patient": assessment.patient,
        "sheet": Sheet(assessment),
        "form": form,
        "errors": error_links(form),
        **more,
    }
    return render(request, template, context, status=422 if form.errors else 200)


@get_or_post
@of_assessment(Right.ASSESS, Action.ASSESSMENT_VIEWED)
def assessment_complete(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The finding of the 24-hour radiograph: one press is the answer."""
    form = CompleteForm(request.POST or None, assessment=assessment)
    made = resent.version_made_before(request)
    if made is not None:
        return resent.to_version(request, made, same=form.says_the_same_as(made))
    if not assessment.is_current or assessment.state != State.PROVISIONAL:
        return _overtaken(request, assessment)
    if not form.is_valid():
        return _page(request, "scoring/assessment_complete.html", assessment, form)
    return _do(
        request,
        assessment,
        lambda: actions.complete(
            by=signed_in_user(request),
            assessment=assessment,
            mvh_restored=form.restored,
            radiograph_date=form.cleaned_data["radiograph_date"],
            submission=submission(request, form),
        ),
    )


def _do(
    request: HttpRequest, assessment: Assessment, action: Callable[[], Assessment]
) -> HttpResponse:
    """Run an action on the current version and show what it made."""
    try:
        version = action()
    except (actions.StaleVersionError, actions.NotAllowedInStateError):
        assessment.chain.refresh_from_db()
        return _overtaken(request, assessment)
    return redirect("assessment-result", pk=version.pk)


@get_or_post
@of_assessment(Right.ASSESS, Action.ASSESSMENT_VIEWED)
def assessment_void(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Take an assessment out of worklists and statistics, with a reason."""
    form = ReasonForm(request.POST or None)
    made = resent.version_made_before(request)
    if made is not None:
        return resent.to_version(request, made, same=form.says_the_same_as(made))
    if not assessment.is_current or assessment.state == State.VOIDED:
        return _overtaken(request, assessment)
    if not form.is_valid():
        return _page(request, "scoring/assessment_void.html", assessment, form)
    return _do(
        request,
        assessment,
        lambda: actions.void(
            by=signed_in_user(request),
            assessment=assessment,
            reason=form.cleaned_data["reason"],
            submission=submission(request, form),
        ),
    )


@get_or_post
@of_assessment(Right.ASSESS, Action.ASSESSMENT_VIEWED)
def assessment_reinstate(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Undo a void, with a reason."""
    form = ReasonForm(request.POST or None)
    made = resent.version_made_before(request)
    if made is not None:
        return resent.to_version(request, made, same=form.says_the_same_as(made))
    if not assessment.is_current or assessment.state != State.VOIDED:
        return _overtaken(request, assessment)
    if not form.is_valid():
        return _page(request, "scoring/assessment_reinstate.html", assessment, form)
    return _do(
        request,
        assessment,
        lambda: actions.reinstate(
            by=signed_in_user(request),
            assessment=assessment,
            reason=form.cleaned_data["reason"],
            submission=submission(request, form),
        ),
    )


def _amend_page(
    request: HttpRequest,
    assessment: Assessment,
    forms: tuple[PatientForm, AssessmentForm, ReasonForm],
    overtaken_by: Assessment | None = None,
    asked: list[questions.Question] | None = None,
) -> HttpResponse:
    """The form of a correction; where somebody was quicker, with both versions side by side."""
    patient_form, form, reason_form = forms
    base = overtaken_by or assessment
    context = {
        "questions": asked,
        "assessment": base,
        "patient": base.patient,
        "form_patient": patient_form.patient,
        "patient_form": patient_form,
        "form": form,
        "reason_form": reason_form,
        "live": LivePoints(form),
        "errors": error_links(patient_form, form, reason_form),
        "overtaken_by": overtaken_by,
        "theirs": _theirs(assessment, overtaken_by),
        "mine": _mine(patient_form, form, overtaken_by),
    }
    status = 409 if overtaken_by else 422 if request.method == "POST" else 200
    return render(request, "scoring/assessment_amend.html", context, status=status)


def _theirs(assessment: Assessment, current: Assessment | None) -> list[changes.Change]:
    """What the version that came in between changed."""
    return changes.between(assessment, current) if current else []


def _mine(
    patient_form: PatientForm, form: AssessmentForm, current: Assessment | None
) -> list[changes.Change]:
    """What saving this form would change of the version that came in between."""
    if current is None or not (patient_form.is_valid() and form.is_valid()):
        return []
    return changes.differences(
        changes.entry_words(current.entry, current.patient),
        changes.entry_words(form.entry(), patient_form.entry()),
    )


def _amend_opened(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The form as on record, or as it was left; then also where somebody was quicker."""
    typed = drafts.taken_back(request)
    current = queries.assessments().get(current_of=assessment.chain_id)
    is_overtaken = current != assessment or current.state == State.VOIDED
    if typed is not None:
        forms = (*half_filled(typed), ReasonForm(initial=typed.dict()))
        return _amend_page(request, assessment, forms, current if is_overtaken else None)
    if is_overtaken:
        return _overtaken(request, assessment)
    return _amend_page(request, assessment, initial_of(assessment))


@get_or_post
@of_assessment(Right.ASSESS, Action.ASSESSMENT_VIEWED)
def assessment_amend(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Correct any input, or whose assessment it is, with a reason; the old version stays."""
    if request.method != "POST":
        return _amend_opened(request, assessment)
    patient_form = PatientForm(request.POST)
    patient_form.is_valid()
    birth_date = patient_form.known_birth_date()
    form = AssessmentForm(request.POST, birth_date=birth_date, sent=True)
    forms = (patient_form, form, ReasonForm(request.POST))
    made = resent.version_made_before(request)
    if made is not None:
        same = form.is_valid() and form.entry() == made.entry and forms[2].says_the_same_as(made)
        return resent.to_version(
            request, made, same=same and resent.names(patient_form, made.patient)
        )
    if [part for part in forms if not part.is_valid()]:
        return _amend_page(request, assessment, forms)
    about = questions.about_assessment(patient_form.entry(), form.entry(), amended=assessment)
    if asked := questions.asked(request, about):
        return _amend_page(request, assessment, forms, asked=asked)
    try:
        version = _amended(request, assessment, *forms)
    except actions.StaleVersionError as stale:
        return _amend_page(request, assessment, forms, overtaken_by=stale.current)
    except actions.NotAllowedInStateError:
        # Voided: what was typed stays on the page until the void is undone.
        return _amend_page(request, assessment, forms, overtaken_by=assessment)
    except actions.MixedPatientsError:
        said = _("a real patient's assessment is never moved to a synthetic one, or back.")
        patient_form.add_error("hospital_number", said)
        return _amend_page(request, assessment, forms)
    except actions.OutcomeBeforeOperationError:
        form.add_error("operation_date", _("an outcome on record lies before this operation date."))
        return _amend_page(request, assessment, forms)
    except actions.HospitalNumberTakenError:
        return _amend_page(request, assessment, (PatientForm(request.POST), form, forms[2]))
    return redirect("assessment-result", pk=version.pk)


def _amended(
    request: HttpRequest,
    assessment: Assessment,
    patient_form: PatientForm,
    form: AssessmentForm,
    reason_form: ReasonForm,
) -> Assessment:
    return actions.amend(
        by=signed_in_user(request),
        assessment=assessment,
        patient=patient_form.entry(),
        entry=form.entry(),
        reason=reason_form.cleaned_data["reason"],
        submission=submission(request, form),
    )
