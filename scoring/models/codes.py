"""Codes stored with an assessment, and the words for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What a version is in itself; whether it is superseded follows from the chain."""

    PROVISIONAL = "provisional", _("Provisional")
    FINAL = "final", _("Final")
    VOIDED = "voided", _("Voided")


class Change(models.TextChoices):
    """Why a version came to be."""

    NEW = "new", _("first version")
    COMPLETE = "complete", _("completed after the radiograph")
    AMEND = "amend", _("amended")
    VOID = "void", _("voided")
    REINSTATE = "reinstate", _("void undone")


class AgeSource(models.TextChoices):
    """Where the age comes from."""

    BIRTH_DATE = "birth_date", _("from date of birth")
    STATED = "stated", _("as stated")


class OperationStatus(models.TextChoices):
    """Whether the operation lies ahead or behind."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")


class DxaSite(models.TextChoices):
    """Where bone mineral density was measured (section 2.1: spine or hip)."""

    LUMBAR_SPINE = "lumbar_spine", _("lumbar spine")
    FEMORAL_NECK = "femoral_neck", _("femoral neck")
    TOTAL_HIP = "total_hip", _("total hip")


# Vertebrae that kyphoplasty treats; the words are the same in every language.
FRACTURE_LEVELS = [
    (f"{part}{n}", f"{part}{n}") for part, last in (("T", 12), ("L", 5)) for n in range(1, last + 1)
]
