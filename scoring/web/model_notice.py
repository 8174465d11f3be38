"""The notice of a new version of the model: what it changes, until each user has read it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from scoring import actions, queries
from scoring.http.actor import actor
from scoring.models import Recalibration, Right
from scoring.models.readback import stored_model
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.web.evidence import VersionRow, version_row
from scoring.web.gate import needs


@dataclass(frozen=True)
class ModelNotice:
    """Both versions in the worked example, and the recalibration that an earlier one was base of.

    ``earlier``: the latest of those on record.
    """

    earlier: VersionRow
    latest: VersionRow
    recalibration: int | None


def model_notice(request: HttpRequest) -> ModelNotice | None:
    """None once the user has read it, and where nothing was assessed with an earlier version."""
    if actor(request).model_notice_read == RONG_2025.label:
        return None
    earlier = queries.earlier_models_on_record()
    if not earlier:
        return None
    return ModelNotice(
        version_row(stored_model(*earlier[-1])), version_row(RONG_2025), _older_recalibration()
    )


def _older_recalibration() -> int | None:
    """The number of the active one, where it was made from risks of an earlier version."""
    active = Recalibration.active()
    return active.number if active and active.model_version != RONG_2025.version else None


@require_POST
@needs(Right.SEE_PATIENTS)
def model_notice_read(request: HttpRequest) -> HttpResponse:
    """Put the notice away, for this user."""
    actions.put_away_model_notice(by=actor(request), model=RONG_2025.label)
    return redirect("worklist")
