"""The details of a line of the access log in words."""

import json

from django.utils.translation import gettext_lazy as _

from scoring.models import AuditEvent
from scoring.report.wording import Words

# Details of later versions of the site are shown by their own names.
_LABELS: dict[str, Words] = {
    "action": _("what"),
    "administrator": _("administrator"),
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
    "model": _("model"),
    "operated_from": _("operated from"),
    "operated_to": _("operated to"),
    "outcome": _("residual back pain"),
    "patients": _("patients"),
    "population": _("eligibility"),
    "reason": _("reason"),
    "revision": _("revision"),
    "state": _("state"),
    "supersedes": _("supersedes"),
    "text": _("searched for"),
    "time_point": _("day"),
    "user": _("user"),
    "username": _("account"),
}


def log_details(event: AuditEvent) -> list[tuple[Words, str]]:
    """Names and values; what is empty is left out."""
    return [
        (_LABELS.get(name, name), value if isinstance(value, str) else json.dumps(value))
        for name, value in event.detail.items()
        if value not in ("", None)
    ]
