"""How the forms are laid out: crispy layouts around a few row templates of ours.

The layouts are made once: what they hold is in no language. Texts are looked up as they are drawn.
"""

from typing import Any, NamedTuple

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.forms import BaseForm
from django.utils.functional import Promise

from scoring.nomogram.eligibility import Criterion, study_answer
from scoring.nomogram.predictor import Predictor, Threshold
from scoring.nomogram.rong2025.model import RONG_2025

FIELD = "scoring/form/field.html"
CHECK = "scoring/form/check.html"
PREDICTOR = "scoring/form/predictor.html"


class PredictorRow(NamedTuple):
    """One row of the form: the predictor's own field with its unit, and where it comes from.

    What is said of a value stands under the value, what is said of its source under the source.
    """

    value: tuple[str, ...]
    source: tuple[str, ...] = ()

    @property
    def areas(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements that hold what is said, and the fields each of them is about."""
        areas = [(f"msgs-{self.value[0]}", self.value)]
        return [*areas, (f"msgs-{self.value[0]}-source", self.source)] if self.source else areas


class FieldRow(LayoutObject):  # type: ignore[misc]
    """One row of several fields drawn by a template of ours; every field counts as rendered."""

    def __init__(
        self, template: str, *fields: str, **words: str | Promise | bool | PredictorRow
    ) -> None:
        self.template = template
        self.fields = list(fields)
        self.words = words

    def render(
        self, form: BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        """The row's HTML; ``fields`` holds the bound fields in order, ``field`` the first."""
        bound = [form[name] for name in self.fields]
        if hasattr(form, "rendered_fields"):
            form.rendered_fields.update(self.fields)
        template = context.template.engine.get_template(self.template)
        with context.push(**self.words, form=form, fields=bound, field=bound[0]):
            html: str = template.render(context)
        return html


# The hospital number: it comes first, a known one fills in the rest.
NUMBER = Layout(FieldRow("scoring/form/hospital_number.html", "hospital_number"))
# Identity of a new patient.
IDENTITY = Layout(
    Div(
        FieldRow(FIELD, "family_name"),
        FieldRow(FIELD, "given_name"),
        FieldRow(CHECK, "name_not_known"),
        css_class="fields",
    ),
    Div(
        FieldRow(FIELD, "birth_date", reads_days=True),
        FieldRow(CHECK, "birth_date_not_known"),
        FieldRow(FIELD, "sex"),
        css_class="fields",
    ),
)
OPERATION_FIELDS = ("operation_status", "operation_date", "operation_time", "fracture_level")
# The operation and the fractured vertebra.
OPERATION = Layout(Div(*(FieldRow(FIELD, name) for name in OPERATION_FIELDS), css_class="fields"))
# The ten criteria of the study, two columns.
ELIGIBILITY = Layout(
    *(
        FieldRow("scoring/form/criterion.html", one.value, study=study_answer(one).value)
        for one in Criterion
    )
)


def _row_of(predictor: Predictor) -> PredictorRow:
    beside = predictor.provenance
    if beside is None:
        return PredictorRow((predictor.field,))
    value = (predictor.field, beside.unit_field)
    source = (beside.date_field, beside.site_field)
    return PredictorRow(*(tuple(filter(None, names)) for names in (value, source)))


PREDICTOR_ROWS = {predictor: _row_of(predictor) for predictor in RONG_2025.predictors}


def _control(predictor: Predictor, *, with_sources: bool) -> str:
    """What the value is entered with: the part of the template that draws it."""
    beside = predictor.provenance
    if beside is None:
        return "age" if with_sources else "number"
    if beside.unit_field:
        return "unit"
    if isinstance(predictor, Threshold):
        return "threshold"
    return "number" if beside.quantity else "choice"


def _predictors(*, with_sources: bool) -> Layout:
    """The predictors, each with its definition, unit, allowed range and, if asked, source."""
    rows = PREDICTOR_ROWS
    if not with_sources:
        rows = {predictor: PredictorRow(row.value) for predictor, row in rows.items()}
    return Layout(
        *(
            FieldRow(
                PREDICTOR,
                *row.value,
                *row.source,
                control=_control(predictor, with_sources=with_sources),
                row=row,
            )
            for predictor, row in rows.items()
        )
    )


PREDICTORS = _predictors(with_sources=True)
PREDICTORS_ALONE = _predictors(with_sources=False)


def plain_helper() -> FormHelper:
    """Django's own forms, one field below the other, inside a form tag of the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
