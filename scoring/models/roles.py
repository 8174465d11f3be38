"""Rights, and the three roles that have them."""

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    """A permission of the site, as ``User.has_perm`` takes it. Each stands on a model's Meta."""

    SEE_PATIENTS = "scoring.see_patients"
    ASSESS = "scoring.assess"
    EXPORT_RECORDS = "scoring.export_records"
    VIEW_VALIDATION = "scoring.view_validation"
    PROPOSE_RECALIBRATION = "scoring.propose_recalibration"
    APPROVE_RECALIBRATION = "scoring.approve_recalibration"
    VIEW_ACCESS_LOG = "scoring.view_access_log"
    SEE_ALL_WARDS = "scoring.see_all_wards"
    MANAGE_USERS = "scoring.manage_users"
    MANAGE_WARD = "scoring.manage_ward"


class Role(models.TextChoices):
    """The names of the groups that a migration makes."""

    CLINICIAN = "Clinician", _("Clinician")
    REVIEWER = "Reviewer", _("Reviewer")
    ADMINISTRATOR = "Administrator", _("Administrator")


RIGHTS_OF = {
    Role.CLINICIAN: frozenset({Right.SEE_PATIENTS, Right.ASSESS}),
    Role.REVIEWER: frozenset(
        {
            Right.SEE_PATIENTS,
            Right.EXPORT_RECORDS,
            Right.VIEW_VALIDATION,
            Right.PROPOSE_RECALIBRATION,
            Right.APPROVE_RECALIBRATION,
            Right.VIEW_ACCESS_LOG,
            Right.SEE_ALL_WARDS,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_USERS, Right.MANAGE_WARD}),
}


def in_order(roles: Iterable[str]) -> list[str]:
    """Names of roles in the order in which pages and the access log tell them."""
    names = set(roles)
    return [role.value for role in Role if role.value in names]
