"""What a form would drop of what was sent: no page shows such a field; programs are told of it."""

from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from scoring.forms.assessment import AssessmentForm
from scoring.models.codes import OperationStatus
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.rong2025.model import AGE


class Dropped(NamedTuple):
    """A field, a code ("differs", "not_asked") and the sentence."""

    field: str
    code: str
    text: str


def not_asked_text() -> str:
    """That a field is not asked here."""
    return _("this is not asked here and would be lost: leave it out.")


def dropped(form: AssessmentForm) -> Iterator[Dropped]:
    """Of a form that was cleaned: another age than that of the birth date, an answer too early."""
    stated, age = form.data.get(AGE.field), form.age_from_birth_date
    if stated and age is not None and _age(form, stated) != age:
        said = _("the date of birth gives %(age)s years: leave the age out.") % {"age": age}
        yield Dropped(AGE.field, "differs", said)
    later = Criterion.NEW_VERTEBRAL_FRACTURE.value
    if (
        form.cleaned_data.get("operation_status") == OperationStatus.PLANNED
        and form.data.get(later, Answer.NOT_ASSESSED) != Answer.NOT_ASSESSED
    ):
        yield Dropped(later, "not_asked", not_asked_text())


def _age(form: AssessmentForm, stated: str) -> float | None:
    try:
        return float(form.fields[AGE.field].clean(stated).value)
    except ValidationError:
        return None
