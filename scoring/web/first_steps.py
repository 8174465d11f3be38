"""The card "First steps": what an administrator sets up in the first hour, and what is done."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring import queries
from scoring.http.actor import actor
from scoring.models import Right
from scoring.web.gate import second_factor_is_compulsory
from scoring.web.ward import ward_of
from scoring.words import laboratory


@dataclass(frozen=True)
class Step:
    """One step: what to set up, what for, where, and whether it is done."""

    title: str
    purpose: str
    address: str
    is_done: bool


def first_steps(request: HttpRequest) -> list[Step]:
    """All steps while one of them is open; none for others, or once the card is put away."""
    user, ward = actor(request), ward_of(request)
    if not (ward.shows_first_steps and user.has_perms([Right.MANAGE_WARD, Right.MANAGE_USERS])):
        return []
    settings_page = reverse("ward-settings")
    steps = [
        Step(
            _("Your name"),
            _("Reports and the access log show this name."),
            reverse("account"),
            user.has_own_name,
        ),
        Step(
            _("Hospital and ward"),
            _("Shown at the head of the worklist and of every report."),
            f"{settings_page}#id_hospital_name",
            bool(ward.hospital_name and ward.ward_name),
        ),
        Step(
            _("Time zone"),
            _("Used for dates, times and what is due today."),
            f"{settings_page}#id_time_zone",
            bool(ward.time_zone),
        ),
        Step(
            str(laboratory.PDW_UNIT),
            str(laboratory.PDW_UNIT_PURPOSE),
            f"{settings_page}#id_pdw_unit",
            bool(ward.pdw_unit),
        ),
        Step(
            _("Accounts"),
            _("Each clinician needs a personal account."),
            reverse("user-new"),
            queries.has_several_accounts(),
        ),
    ]
    if second_factor_is_compulsory(user):
        steps.append(
            Step(
                _("Second factor"),
                _("Your role needs one."),
                reverse("second-factor-set-up"),
                queries.has_second_factor(user),
            )
        )
    return [] if all(step.is_done for step in steps) else steps
