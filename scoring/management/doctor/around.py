"""Checks of what surrounds the site: disks and backups."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.health import disk_problem, room_problem
from scoring.management.doctor.finding import Finding

BACKUP_AGE = timedelta(days=2)
# Another server may have made it, by its own clock.
_AHEAD = timedelta(hours=1)


def disks_have_room() -> Iterator[Finding]:
    """For data, temporary files and backups."""
    if problem := disk_problem():
        yield Finding("disk", _("There is too little room: %(problem)s.") % {"problem": problem})
    if problem := room_problem(Path(settings.BACKUP_DIR)):
        yield Finding(
            "disk_of_backups",
            _("There is too little room for backups: %(problem)s.") % {"problem": problem},
        )


def there_is_a_backup() -> Iterator[Finding]:
    """A young one; wrong on a server, advice on a ward computer."""
    read = [_made_at(path) for path in Path(settings.BACKUP_DIR).glob("*.dump*.json")]
    made = [moment for moment in read if moment]
    past = [moment for moment in made if moment <= timezone.now() + _AHEAD]
    if ahead := len(made) - len(past):
        text = ngettext(
            "%(count)s backup is dated in the future and not counted: the clock of this computer "
            "was wrong, or is. Check it. script/backup --keep removes this backup first.",
            "%(count)s backups are dated in the future and not counted: the clock of this computer "
            "was wrong, or is. Check it. script/backup --keep removes these backups first.",
            ahead,
        )
        yield Finding("future_backup", text % {"count": ahead}, wrong=False)
    newest = max(past, default=None)
    if newest is None:
        text = _("There is no backup in %(folder)s. See docs/operations.md for how to make them.")
        yield Finding(
            "no_backup", text % {"folder": settings.BACKUP_DIR}, wrong=settings.PRODUCTION
        )
    elif timezone.now() - newest > BACKUP_AGE:
        days = (timezone.now() - newest).days
        text = _("The newest backup is %(days)s days old. See to the timer that makes them.")
        yield Finding("old_backup", text % {"days": days}, wrong=settings.PRODUCTION)


def _made_at(manifest: Path) -> datetime | None:
    """When a backup was made; None for what is no manifest, or has lost its backup."""
    try:
        moment = datetime.fromisoformat(json.loads(manifest.read_text())["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return moment if manifest.with_suffix("").exists() and moment.tzinfo else None
