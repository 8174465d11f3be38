"""Why a change that was judged sound can't be done after all: for pages and programs."""

from django.utils.translation import gettext_lazy as _

OPERATION_AHEAD = _("The operation lies ahead. Nothing was changed.")
OPERATED = _(
    "A VAS after the operation is on record. If the operation was cancelled, correct the "
    "VAS first. Nothing was changed."
)
CAN_NOT_UNDO = _(
    "This can't be undone: only what you saved yourself in the last ten minutes, and "
    "nobody changed since. Use “Amend” or “Correct” instead. Nothing was changed."
)
NOT_IN_THIS_STATE = _(
    "This is not possible in the present state of the assessment. Nothing was changed."
)
MOVED = _(
    "This assessment was moved to another patient, and its outcomes with it. Read this version "
    "again: its current_id names the one that takes outcomes. Nothing was changed."
)
NO_PATIENT_SHEET = _("There is no patient sheet: this result does not apply to the patient.")
SYNTHETIC = _("an assessment can't be moved between a real and a synthetic patient.")
VAS_BEFORE_OPERATION = _("a VAS on record is dated before this operation date.")
OPERATION_AFTER_VAS = _("the operation date was changed: this date is now before the operation.")
