"""What lists can be narrowed down to, in words by code: filters offer them, the log tells them."""

from django.utils.translation import gettext_lazy as _

from scoring.models.codes import State
from scoring.nomogram.eligibility import Population
from scoring.words.types import Words

STATES: dict[str, Words] = {
    "current": _("Current versions"),
    State.PROVISIONAL.value: State.PROVISIONAL.label,
    State.NO_RADIOGRAPH.value: State.NO_RADIOGRAPH.label,
    State.FINAL.value: State.FINAL.label,
    State.CANCELLED.value: State.CANCELLED.label,
    State.VOIDED.value: State.VOIDED.label,
    "superseded": _("Superseded"),
}
SIDES: dict[str, Words] = {
    "at_or_above": _("at or above"),
    "below": _("below"),
    "depends": _("depends on MVH"),
}
POPULATIONS: dict[str, Words] = {
    Population.AS_STUDY.value: _("as in the study"),
    Population.NOT_FULLY_ASSESSED.value: _("not fully assessed"),
    Population.OUTSIDE.value: _("outside the study"),
}
# Whether an export has names and hospital numbers.
IDENTIFIERS: dict[str, Words] = {"with": _("with names"), "without": _("without names")}
PATIENTS: dict[str, Words] = {"real": _("real"), "synthetic": _("made-up")}
