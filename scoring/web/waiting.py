"""What ends the waiting of a provisional assessment: no radiograph taken, operation cancelled."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from scoring import actions
from scoring.forms import refusals
from scoring.forms.life import OptionalReasonForm
from scoring.models import Assessment
from scoring.models.codes import COMPLETABLE, State
from scoring.web.versions import change_with_reason, makes_version
from scoring.words.types import Words


def _reason_form(request: HttpRequest, assessment: Assessment) -> OptionalReasonForm:
    return OptionalReasonForm(request.POST or None)


def _refused(request: HttpRequest, assessment: Assessment, said: Words) -> HttpResponse:
    messages.warning(request, str(said))
    return redirect("assessment-result", pk=assessment.pk)


@makes_version(_reason_form)
def assessment_no_radiograph(
    request: HttpRequest, assessment: Assessment, form: OptionalReasonForm
) -> HttpResponse:
    """Note that no 24-hour radiograph was taken: the assessment stays provisional."""
    try:
        return change_with_reason(
            request,
            assessment,
            form,
            actions.note_no_radiograph,
            allowed=(State.PROVISIONAL,),
            template="scoring/assessment_no_radiograph.html",
        )
    except actions.OperationAheadError:
        return _refused(request, assessment, refusals.OPERATION_AHEAD)


@makes_version(_reason_form)
def assessment_cancel(
    request: HttpRequest, assessment: Assessment, form: OptionalReasonForm
) -> HttpResponse:
    """Note that the operation was cancelled: nothing is due, nothing counts."""
    try:
        return change_with_reason(
            request,
            assessment,
            form,
            actions.cancel_operation,
            allowed=COMPLETABLE,
            template="scoring/assessment_cancel.html",
        )
    except actions.OperatedError:
        return _refused(request, assessment, refusals.OPERATED)


@makes_version(_reason_form)
def assessment_resume(
    request: HttpRequest, assessment: Assessment, form: OptionalReasonForm
) -> HttpResponse:
    """Undo either: the operation is planned again, or the radiograph awaited."""
    return change_with_reason(
        request,
        assessment,
        form,
        actions.resume,
        allowed=(State.NO_RADIOGRAPH, State.CANCELLED),
        template="scoring/assessment_resume.html",
    )
