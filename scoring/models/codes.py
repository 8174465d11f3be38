"""Codes stored with an assessment, and the words for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoring.entry import rules


class State(models.TextChoices):
    """The state of a version; whether it is superseded follows from the chain."""

    PROVISIONAL = "provisional", _("Provisional")
    NO_RADIOGRAPH = "no_radiograph", _("Provisional, no radiograph")
    FINAL = "final", _("Final")
    CANCELLED = "cancelled", _("Operation cancelled")
    VOIDED = "voided", _("Voided")


# The radiograph's finding can be entered: it is awaited, or turned up after all.
COMPLETABLE = (State.PROVISIONAL, State.NO_RADIOGRAPH)
AMENDABLE = (*COMPLETABLE, State.FINAL)
# These have no outcome that counts.
UNCOUNTED = (State.VOIDED, State.CANCELLED)


class Change(models.TextChoices):
    """Why a version came to be."""

    NEW = "new", _("first version")
    COMPLETE = "complete", _("completed after the radiograph")
    AMEND = "amend", _("amended")
    VOID = "void", _("voided")
    REINSTATE = "reinstate", _("void undone")
    UNDO = "undo", _("completion undone")
    NO_RADIOGRAPH = "no_radiograph", _("no radiograph was taken")
    CANCEL = "cancel", _("operation cancelled")
    RESUME = "resume", _("awaited again")


# A void, and what corrects a value, says why.
REASON_OPTIONAL = (
    Change.NEW,
    Change.COMPLETE,
    Change.NO_RADIOGRAPH,
    Change.CANCEL,
    Change.RESUME,
)
# The same content in another state.
COPYING = (
    Change.VOID,
    Change.REINSTATE,
    Change.NO_RADIOGRAPH,
    Change.CANCEL,
    Change.RESUME,
)


class AgeSource(models.TextChoices):
    """Where the age comes from."""

    BIRTH_DATE = "birth_date", _("from date of birth")
    STATED = "stated", _("as stated")


class OperationStatus(models.TextChoices):
    """Whether the operation lies ahead or behind."""

    PLANNED = rules.PLANNED, _("Planned")
    DONE = rules.DONE, _("Done")


class DxaSite(models.TextChoices):
    """Where bone mineral density was measured (section 2.1: spine or hip)."""

    LUMBAR_SPINE = "lumbar_spine", _("lumbar spine")
    FEMORAL_NECK = "femoral_neck", _("femoral neck")
    TOTAL_HIP = "total_hip", _("total hip")


class LaboratoryUnit(models.TextChoices):
    """Units in which laboratories report the platelet distribution width; only fL is scored."""

    FL = "fL", "fL"
    PERCENT = "%", "%"
    GSD = "GSD", _("GSD")


class PaperSize(models.TextChoices):
    """What reports are laid out for."""

    A4 = "A4", "A4"
    LETTER = "Letter", _("US Letter")


class TimePoint(models.IntegerChoices):
    """Days after the operation on which pain is asked for (section 2.1: 3 days and 1 month)."""

    DAY_3 = 3, _("day 3")
    DAY_30 = 30, _("day 30")


class Answered(models.TextChoices):
    """Whether the pain of a time point is known."""

    OPEN = "open", pgettext_lazy("VAS", "not yet")
    MEASURED = "measured", _("measured")
    NOT_EVALUABLE = "not_evaluable", _("not evaluable")


class NotEvaluable(models.TextChoices):
    """Why a patient's pain is not known or does not count."""

    LOST = "lost", _("lost to follow-up")
    DIED = "died", _("died")
    REOPERATED = "reoperated", _("operated again")
    NEW_FRACTURE = rules.NEW_FRACTURE, _("new vertebral fracture")
    NOT_ASKED = "not_asked", _("not asked / not documented")


# After these no other VAS of the assessment is due: residual back pain is not evaluable any more.
ENDS_FOLLOW_UP = (
    NotEvaluable.LOST,
    NotEvaluable.DIED,
    NotEvaluable.REOPERATED,
    NotEvaluable.NEW_FRACTURE,
)


class Rbp(models.TextChoices):
    """Residual back pain: VAS 4 or more at both time points (section 2.1)."""

    PENDING = "pending", pgettext_lazy("VAS", "not yet")
    YES = "yes", _("yes")
    NO = "no", _("no")
    NOT_EVALUABLE = "not_evaluable", _("not evaluable")


RBP_VAS = 4

# Vertebrae that kyphoplasty treats; the words are the same in every language.
FRACTURE_LEVELS = [
    (f"{part}{n}", f"{part}{n}") for part, last in (("T", 12), ("L", 5)) for n in range(1, last + 1)
]
