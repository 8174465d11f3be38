"""A change that a request asks for: judged, confirmed, and done once.

Sent again with the same key it is answered as the first time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest, HttpResponse

from scoring import actions, queries
from scoring.api.conditions import key_used, stale, submission
from scoring.api.filling import ask
from scoring.entry import Submission
from scoring.forms import refusals
from scoring.forms.questions import Question
from scoring.http.problems import FieldError, Problem, refused
from scoring.models import Assessment, Outcome, PatientCorrection
from scoring.words.types import Words

M = TypeVar("M", Assessment, Outcome, PatientCorrection)


def _no_questions() -> Iterator[Question]:
    return iter(())


@dataclass(frozen=True, kw_only=True)
class Change(Generic[M]):
    """What a request asks for.

    ``is_same``: whether what was sent is what a record was made with. ``check`` raises Problem
    where it can't be done: another version, the state, values. ``about``: what must be confirmed,
    and ``confirmed`` the keys that were sent. ``again`` is called with what was made before.
    """

    kind: type[M]
    is_same: Callable[[M], bool]
    check: Callable[[], None]
    act: Callable[[Submission], M]
    answer: Callable[[M], HttpResponse]
    about: Callable[[], Iterator[Question]] = _no_questions
    confirmed: list[str] | None = None
    again: Callable[[M], None] = lambda _made: None


def do_once(request: HttpRequest, change: Change[M]) -> HttpResponse:
    """Do it, or answer with what the same key did before. Raises Problem."""
    sent = submission(request)
    existing = queries.made_by_form(change.kind, sent.token)
    # The same key may have come with another request at this moment.
    made = _done(request, change, sent) if existing is None else existing
    if not change.is_same(made):
        raise key_used()
    answer = change.answer(made)
    if existing is not None:
        change.again(existing)
    return answer


def _done(request: HttpRequest, change: Change[M], sent: Submission) -> M:
    change.check()
    ask(request, change.about(), change.confirmed)
    try:
        return change.act(sent)
    except ValueError as error:
        problem = _problem_of(error)
        if problem is None:
            raise
        raise problem from error


def not_in_this_state() -> Problem:
    """A change that a voided or cancelled assessment, or a final one, does not allow."""
    return _against("state", refusals.NOT_IN_THIS_STATE)


def _against(code: str, said: Words) -> Problem:
    """The record stands against it."""
    return Problem(409, code, str(said))


def _problem_of(error: ValueError) -> Problem | None:
    """What an action refuses, where the request could not know of it."""
    match error:
        case (
            actions.StaleVersionError() | actions.StaleOutcomeError() | actions.StalePatientError()
        ):
            return stale()
        case actions.NotAllowedInStateError():
            return not_in_this_state()
        case actions.OperationAheadError():
            return _against("operation_ahead", refusals.OPERATION_AHEAD)
        case actions.OperatedError():
            return _against("operated", refusals.OPERATED)
        case actions.UndoRefusedError():
            return _against("undo", refusals.CAN_NOT_UNDO)
        case actions.MixedPatientsError():
            return at("/patient/hospital_number", "synthetic", refusals.SYNTHETIC)
        case actions.OutcomeTooEarlyError():
            return at("/measured_on", "vas_day", refusals.OPERATION_AFTER_VAS)
    return None


def at(pointer: str, code: str, said: Words) -> Problem:
    """One value that is refused."""
    return refused([FieldError(pointer, code, str(said))])
