"""The form of the calculator: eligibility and the seven predictors of nobody on record."""

from typing import Any

from scoring.forms import layout
from scoring.forms.assessment import AssessmentForm
from scoring.nomogram.eligibility import Criterion
from scoring.nomogram.rong2025.model import RONG_2025


class CalculatorForm(AssessmentForm):
    """The assessment form without patient, operation and sources; the age is entered itself."""

    predictor_layout = layout.PREDICTORS_ALONE
    is_saved = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {beside.unit_field for beside in RONG_2025.provenances.values()}
        criteria = {criterion.value for criterion in Criterion}
        for name in set(self.fields) - criteria - units - set(RONG_2025.fields):
            del self.fields[name]
        # The points do not depend on them; one that differs from the study is said.
        for name in criteria:
            self.fields[name].required = False
