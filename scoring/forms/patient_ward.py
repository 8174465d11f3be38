"""Why a patient of another ward is opened, and to which ward a patient is moved."""

from django import forms

from scoring.forms.life import ReasonField
from scoring.forms.ward import ward_field


class OpenForm(forms.Form):
    """The reason for looking at a patient of another ward."""

    reason = ReasonField()

    use_required_attribute = False


class MoveForm(forms.Form):
    """The ward, or none, and the reason."""

    ward = ward_field()
    reason = ReasonField()

    use_required_attribute = False
