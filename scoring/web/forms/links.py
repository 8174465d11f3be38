"""From an error to its field."""

from dataclasses import dataclass

from django.forms import Form

from scoring.web.forms.assessment import AssessmentForm
from scoring.words.types import Words


def anchor(form: Form, field: str) -> str:
    """The element that a link to a field leads to."""
    bound = form[field]
    if field == "age_years" and isinstance(form, AssessmentForm) and not form.asks_age:
        return "id_birth_date" if form.birth_date is None else "id_operation_date"
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id


@dataclass(frozen=True)
class ErrorLink:
    """A line of the summary on top of the form, leading to its field."""

    anchor: str
    label: Words
    text: str


def error_links(*parts: Form) -> list[ErrorLink]:
    """Every error of the forms of a page, in its order."""
    links = []
    for part in parts:
        if not part.is_bound:
            continue
        for name in part.fields:
            errors = list(part.errors[name]) if name in part.errors else []
            links += [ErrorLink(anchor(part, name), part[name].label, str(e)) for e in errors]
        links += [ErrorLink("main", "", str(error)) for error in part.non_field_errors()]
    return links
