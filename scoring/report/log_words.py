"""The details of a line of the access log in words."""

import json

from django.utils.translation import gettext_lazy as _

from scoring.models import AuditEvent
from scoring.report.wording import Words

# Details of later versions of the site are shown by their own names.
_LABELS: dict[str, Words] = {
    "action": _("what"),
    "administrator": _("administrator"),
    "change": _("change"),
    "assessed_from": _("assessed from"),
    "assessed_to": _("assessed to"),
    "centre": _("hospital"),
    "clinician": _("assessed by"),
    "cutoff": _("study cut-off"),
    "first_day": _("from"),
    "found": _("found"),
    "hospital_number": _("hospital number"),
    "identifiers": _("identifiers"),
    "last_day": _("to"),
    "locked_out": _("while locked out"),
    "method": _("by"),
    "model": _("model"),
    "operated_from": _("operated from"),
    "operated_to": _("operated to"),
    "outcome": _("residual back pain"),
    "patients": _("patients"),
    "name": _("name"),
    "name_before": _("name before"),
    "of": _("of"),
    "outside": _("outside the site, by"),
    "population": _("eligibility"),
    "reason": _("reason"),
    "revision": _("revision"),
    "rights": _("rights"),
    "roles": _("roles"),
    "roles_added": _("roles added"),
    "roles_removed": _("roles removed"),
    "state": _("state"),
    "supersedes": _("supersedes"),
    "text": _("searched for"),
    "time_point": _("day"),
    "user": _("user"),
    "username": _("account"),
    "username_before": _("account before"),
}


def log_details(event: AuditEvent) -> list[tuple[Words, str]]:
    """Names and values; what is empty is left out."""
    return [
        (_LABELS.get(name, name), value if isinstance(value, str) else json.dumps(value))
        for name, value in event.detail.items()
        if value not in ("", None)
    ]
