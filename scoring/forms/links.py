"""From an error to its field."""

from dataclasses import dataclass
from itertools import groupby

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.forms.assessment import AssessmentForm
from scoring.forms.layout import OPERATION_FIELDS, PREDICTOR_ROWS
from scoring.nomogram.eligibility import Criterion
from scoring.words.types import Words

# So many open fields of one section, and more, are one line of the summary.
MANY = 3
SECTIONS: dict[Words, tuple[str, ...]] = {
    gettext_lazy("Patient"): (
        "hospital_number",
        "family_name",
        "given_name",
        "birth_date",
        "sex",
    ),
    gettext_lazy("Operation"): OPERATION_FIELDS,
    gettext_lazy("Eligibility"): tuple(criterion.value for criterion in Criterion),
    gettext_lazy("Seven predictors"): tuple(
        name for row in PREDICTOR_ROWS.values() for name in (*row.value, *row.source)
    ),
}


def anchor(form: Form, field: str) -> str:
    """The element that a link to a field leads to."""
    bound = form[field]
    if field == "age_years" and isinstance(form, AssessmentForm) and not form.asks_age:
        return "id_birth_date" if form.birth_date is None else "id_operation_date"
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id


@dataclass(frozen=True)
class ErrorLink:
    """A line of the summary on top of the form, leading to its field.

    ``entries``: how many fields it is about; one that groups open fields leads to the first, and
    what is said besides of a field is not counted again.
    """

    anchor: str
    label: Words
    text: str
    entries: int = 1


def _section(name: str) -> Words:
    """The heading of the form under which a field stands, "" on other forms."""
    return next((heading for heading, names in SECTIONS.items() if name in names), "")


def error_links(*parts: Form) -> list[ErrorLink]:
    """Every error of the forms of a page, in its order; what is open in a section is one line."""
    links: list[ErrorLink] = []
    for part in parts:
        if not part.is_bound:
            continue
        wrong = [name for name in part.fields if name in part.errors]
        for section, some in groupby(wrong, lambda name: _section(name)):
            links += _links_of(part, section, list(some))
        links += [ErrorLink("main", "", str(error)) for error in part.non_field_errors()]
    return links


def _links_of(part: Form, section: Words, names: list[str]) -> list[ErrorLink]:
    is_open = [not str(part[name].value() or "").strip() for name in names]
    if section and sum(is_open) >= MANY:
        first = names[is_open.index(True)]
        said = _("%(count)s not answered") % {"count": sum(is_open)}
        grouped = [ErrorLink(anchor(part, first), section, said, entries=sum(is_open))]
        names = [name for name, opened in zip(names, is_open, strict=True) if not opened]
    else:
        grouped = []
    return grouped + [
        ErrorLink(anchor(part, name), part[name].label, str(error), entries=int(position == 0))
        for name in names
        for position, error in enumerate(part.errors[name])
    ]
