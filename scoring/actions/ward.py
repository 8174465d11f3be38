"""The ward settings: each change is a revision of its own, with its line in the access log."""

from typing import TypedDict

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.log import log_event
from scoring.entry import Origin
from scoring.models import AuditEvent, Role, User, Ward, WardSettings


class WardFacts(TypedDict, total=False):
    """What can be changed: any of it."""

    hospital_name: str
    ward_name: str
    time_zone: str
    pdw_unit: str
    shows_first_steps: bool
    shows_users_funnel: bool
    need_to_know: bool
    paper: str


class WardConflictError(ValueError):
    """Somebody else has changed the same facts since: ``current`` holds now, ``names`` differ."""

    def __init__(self, opened: WardSettings, current: WardSettings, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.opened = opened
        self.current = current
        self.names = names


@transaction.atomic
def change_ward_settings(
    *, by: User | None, facts: WardFacts, opened: int, origin: Origin
) -> WardSettings:
    """The settings with ``facts``, as the next revision; the current one where nothing differs.

    ``opened`` is the revision that was shown when the facts were entered. Facts that are as they
    were in it keep what somebody else has made of them since. ``by`` is None for a command. Raises
    WardConflictError where both have changed the same fact.
    """
    _one_at_a_time()
    current = queries.ward_settings()
    shown = WardSettings.objects.filter(revision=opened).first() or WardSettings.initial()
    changed = {name: value for name, value in facts.items() if value != getattr(shown, name)}
    conflicts = [
        name
        for name, value in changed.items()
        if getattr(current, name) not in {getattr(shown, name), value}
    ]
    if conflicts:
        raise WardConflictError(shown, current, conflicts)
    detail: dict[str, object] = {}
    for name, value in changed.items():
        before = getattr(current, name)
        if value != before:
            detail |= {name: value, f"{name}_before": before}
            setattr(current, name, value)
    return _next_revision(current, by, origin, detail) if detail else current


class WardNameTakenError(ValueError):
    """There is a ward of this name already, in whatever case."""


@transaction.atomic
def add_ward(*, by: User, name: str, origin: Origin) -> Ward:
    """A ward that users and patients can belong to. Raises WardNameTakenError."""
    _one_at_a_time()
    if Ward.objects.filter(name__iexact=name).exists():
        raise WardNameTakenError(name)
    ward = Ward.objects.create(
        name=name, created_at=timezone.now(), created_by=by, created_by_name=str(by)
    )
    log_event(by=by, action=AuditEvent.Action.WARD_ADDED, origin=origin, detail={"ward_name": name})
    return ward


def hide_first_steps(*, by: User, origin: Origin) -> WardSettings:
    """Put the card "First steps" away for everybody."""
    return change_ward_settings(
        by=by,
        facts={"shows_first_steps": False},
        opened=queries.ward_settings().revision,
        origin=origin,
    )


def _next_revision(
    settings: WardSettings, by: User | None, origin: Origin, detail: dict[str, object]
) -> WardSettings:
    settings.revision += 1
    settings.changed_at = timezone.now()
    settings.changed_by = by
    settings.changed_by_name = str(by) if by else ""
    settings.save(force_insert=True)
    log_event(
        by=by,
        action=AuditEvent.Action.WARD_SETTINGS_CHANGED,
        origin=origin,
        detail=detail,
        record=[settings],
    )
    return settings


def _one_at_a_time() -> None:
    """Two changes at once wait for each other: each counts on from the newest revision."""
    Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)
