"""The columns of a laboratory's tables: kept under its name."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from scoring.actions.log import log_event
from scoring.entry import Origin
from scoring.models import AuditEvent, LaboratoryColumns, User


@transaction.atomic
def keep_columns(
    *,
    by: User,
    name: str,
    headers: Mapping[str, str],
    in_unit: Iterable[str],
    one_is_yes: bool,
    origin: Origin,
) -> LaboratoryColumns:
    """How the tables of a laboratory are to be understood from now on, instead of before."""
    said = {"headers": dict(headers), "in_unit": sorted(in_unit), "one_is_yes": one_is_yes}
    now = timezone.now()
    kept, _is_new = LaboratoryColumns.objects.update_or_create(
        name=name, defaults=said | {"kept_at": now, "kept_by": by}
    )
    columns = [f"{field}: {header}" for field, header in headers.items()]
    detail: dict[str, object] = {"name": name, "columns": columns}
    log_event(by=by, action=AuditEvent.Action.COLUMNS_KEPT, origin=origin, detail=detail)
    return kept
