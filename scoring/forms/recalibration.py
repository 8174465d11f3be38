"""The decision about a proposed recalibration."""

from django.utils.translation import gettext_lazy as _

from scoring.forms.fields import choice_field
from scoring.forms.life import OnceForm, ReasonField
from scoring.models.recalibration import Decision

DECISIONS = [
    (Decision.APPROVED, _("Approve")),
    (Decision.REJECTED, _("Reject")),
    (Decision.RETIRED, _("Retire")),
]


class DecisionForm(OnceForm):
    """The button pressed is the decision; each needs its reason."""

    decision = choice_field(DECISIONS, label=_("Decision"))
    reason = ReasonField()
