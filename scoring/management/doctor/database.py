"""Checks of the database: server, role, tables, guards, access log."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import available_timezones

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring import health, queries
from scoring.management import owner
from scoring.management.doctor.finding import Finding
from scoring.management.kept_reports import waiting_since
from scoring.models import AuditSeal, AuditShipment, AuditWaiting
from scoring.models.readback import STORED_MODELS
from scoring.models.ward_settings import UTC_NAMES
from scoring.queries.access_log import oldest_unsealed_at
from scoring.words.marks import listed

OLDEST_MAJOR = 14
EXTENSIONS = {"pg_trgm"}
CLOCK_SECONDS = 5
_HERE = {"", "localhost", "127.0.0.1", "::1"}


def _row(sql: str, *values: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(cursor.fetchone())


def _texts(sql: str, *values: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {str(text) for (text,) in cursor.fetchall()}


def models_are_known() -> Iterator[Finding]:
    """A result is read by the model that made it."""
    known = {(model.identifier, model.version) for model in STORED_MODELS}
    for identifier, version in queries.models_on_record():
        if (identifier, version) not in known:
            text = _(
                "Assessments were made with version %(version)s of %(identifier)s, which this "
                "program doesn't know: they can't be read. Install a newer version of the program."
            )
            yield Finding("model", text % {"identifier": identifier, "version": version})


def answers() -> Iterator[Finding]:
    """Nothing else can be asked without it."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        text = _("The database can't be reached. %(reason)s")
        yield Finding("unreachable", text % {"reason": str(error).strip()})


def server_is_fit() -> Iterator[Finding]:
    """Version, encoding, extensions, and whether it keeps what it acknowledges."""
    number, encoding, fsync, full_pages = _row(
        "SELECT current_setting('server_version_num')::int / 10000,"
        " current_setting('server_encoding'), current_setting('fsync'),"
        " current_setting('full_page_writes')"
    )
    if number < OLDEST_MAJOR:
        text = _("PostgreSQL %(number)s is too old: it takes %(oldest)s or later.")
        yield Finding("version", text % {"number": number, "oldest": OLDEST_MAJOR})
    if encoding != "UTF8":
        text = _("The database is in %(encoding)s: names need UTF8. Make it anew and restore.")
        yield Finding("encoding", text % {"encoding": encoding})
    for name, value in (("fsync", fsync), ("full_page_writes", full_pages)):
        if value != "on":
            text = _("PostgreSQL's setting %(name)s is off: a power failure loses data. Set it on.")
            yield Finding(name, text % {"name": name})
    for name in sorted(EXTENSIONS - _texts("SELECT extname FROM pg_extension")):
        text = _(
            "The extension %(name)s is missing. Run in the database: CREATE EXTENSION %(name)s"
        )
        yield Finding("extension", text % {"name": name})


def ward_has_a_time_zone() -> Iterator[Finding]:
    """Chosen under "Ward settings", or the server's; and one that this computer knows."""
    chosen = queries.ward_settings().time_zone
    if (chosen or settings.TIME_ZONE) in UTC_NAMES:
        yield Finding(
            "time_zone",
            _("Dates and times are in UTC. Choose the ward's time zone under “Ward settings”."),
            wrong=False,
        )
    named = settings.TIME_ZONES_NAMED
    if not chosen and len({_one_utc(zone) for zone in named.values()}) > 1:
        text = _(
            "The time zone is named differently: %(named)s. The first one counts. Choose the "
            "ward's time zone under “Ward settings”."
        )
        said = listed(f"{source} {zone}" for source, zone in named.items())
        yield Finding("time_zones_differ", text % {"named": said}, wrong=False)
    if chosen and chosen not in available_timezones():
        text = _("This computer does not know the ward's time zone %(name)s. Install tzdata.")
        yield Finding("time_zone", text % {"name": chosen})


def _one_utc(zone: str) -> str:
    """The name, one and the same for all names of UTC."""
    return "UTC" if zone in UTC_NAMES else zone


def connection_is_encrypted() -> Iterator[Finding]:
    """Only where it leaves this computer."""
    hosts = str(connection.settings_dict.get("HOST") or "").split(",")
    if all(host.startswith("/") or host in _HERE for host in hosts):
        return
    (is_encrypted,) = _row(
        "SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)"
    )
    mode = connection.settings_dict["OPTIONS"].get("sslmode", "prefer")
    if not is_encrypted:
        text = _(
            "Patients' data go to the database unencrypted. Add ?sslmode=verify-full to "
            "DATABASE_URL."
        )
        yield Finding("database_tls", text)
    elif mode != "verify-full":
        text = _("sslmode=%(mode)s does not check whom it talks to. Use sslmode=verify-full.")
        yield Finding("database_certificate", text % {"mode": mode}, wrong=False)


def role_has_the_right_rights() -> Iterator[Finding]:
    """It owns nothing, and may do what the site does."""
    role, is_super = _row(
        "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    with connection.cursor() as cursor:
        is_owner = owner.owns_tables(cursor)
        held, wanted = owner.rights_held(cursor, role), owner.rights_wanted(cursor)
    if is_super:
        text = _(
            "The site's role is a superuser of PostgreSQL: it could switch off every guard of "
            "the record and of the access log. Make a role of its own as docs/installation.md says."
        )
        yield Finding("superuser", text)
    elif is_owner:
        text = _(
            "The site connects as the owner of its tables: whoever gets hold of that connection "
            "can switch off what guards the record and the access log. Make two roles as "
            "docs/installation.md says."
        )
        yield Finding("owner", text)
    elif held != wanted:
        text = _(
            "The rights of the site's role are not those of this version, for example %(kind)s on "
            "%(name)s. Run manage.py migrate as the owner, with DATABASE_OWNER_URL set."
        )
        name, kind = min(held ^ wanted)
        yield Finding("rights", text % {"kind": kind, "name": name})


def tables_are_of_this_version() -> Iterator[Finding]:
    """Every migration of this version and no other."""
    try:
        unfinished = health.unfinished_problem()
    except ProgrammingError:
        text = _(
            "The site's role may not read the tables. Run manage.py migrate as the owner, with "
            "DATABASE_OWNER_URL set."
        )
        yield Finding("rights", text)
        return
    if unfinished:
        yield Finding("tables", unfinished)
    elif problem := health.schema_problem():
        text = _(
            "The tables don't fit this version: %(problem)s. Run manage.py prepare, or the "
            "version they belong to."
        )
        yield Finding("tables", text % {"problem": problem})


def clocks_agree() -> Iterator[Finding]:
    """The site stamps what is recorded, the database what it logs."""
    before = datetime.now(UTC)
    (theirs,) = _row("SELECT clock_timestamp()")
    ours = before + (datetime.now(UTC) - before) / 2
    seconds = abs((theirs - ours).total_seconds())
    if seconds > CLOCK_SECONDS:
        text = _(
            "The clocks of site and database differ by %(seconds)s seconds. Set up NTP on both."
        )
        yield Finding("clock", text % {"seconds": round(seconds)})


def triggers_are_on() -> Iterator[Finding]:
    """What makes the record append-only: every trigger of every table, switched on."""
    on = _texts("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
    for model in apps.get_app_config("scoring").get_models():
        for trigger in getattr(cast(Any, model._meta), "triggers", []):
            if trigger.get_pgid(model) not in on:
                text = _(
                    "The trigger %(name)s that guards %(table)s is missing or off. Find out who "
                    "did that; then run: manage.py pgtrigger install; manage.py migrate"
                )
                yield Finding(
                    "trigger", text % {"name": trigger.name, "table": model._meta.db_table}
                )


def triggers_are_not_skipped() -> Iterator[Finding]:
    """The library's function that lets a session skip them was replaced."""
    with connection.cursor() as cursor:
        if owner.triggers_can_be_skipped(cursor):
            text = _(
                "A setting of a session can make triggers do nothing. Run manage.py migrate as the "
                "owner of the tables."
            )
            yield Finding("skip", text)


def background_work_is_done() -> Iterator[Finding]:
    """Whether some server does it."""
    if not health.background_is_running():
        text = _(
            "manage.py background does not run: the access log is neither sealed nor shipped. "
            "Start it, for example: systemctl start rbp-risk-background"
        )
        yield Finding("background", text)


def reports_are_made_ahead() -> Iterator[Finding]:
    """Whether printing has to wait for reports of versions that were saved a while ago."""
    count = waiting_since(timezone.now() - health.SEALED_WITHIN)
    if count:
        text = ngettext(
            "%(count)s report is not made yet, for more than ten minutes, so that printing takes "
            "longer. See what the log of manage.py background says.",
            "%(count)s reports are not made yet, for more than ten minutes, so that printing takes "
            "longer. See what the log of manage.py background says.",
            count,
        )
        yield Finding("unmade", text % {"count": count}, wrong=False)


def log_is_sealed_and_shipped() -> Iterator[Finding]:
    """Lines that wait for long, and seals that were not sent."""
    late = timezone.now() - health.SEALED_WITHIN
    oldest = oldest_unsealed_at()
    if oldest is not None and oldest < late:
        count = AuditWaiting.objects.count()
        text = ngettext(
            "%(count)s line of the access log is not sealed, for more than ten minutes. See what "
            "the log of manage.py background says; then run: manage.py seal_log",
            "%(count)s lines of the access log are not sealed, the first for more than ten "
            "minutes. See what the log of manage.py background says; then run: manage.py seal_log",
            count,
        )
        yield Finding("unsealed", text % {"count": count})
    if not settings.AUDIT_SHIP:
        return
    shipment = AuditShipment.objects.filter(destination=settings.AUDIT_SHIP).first()
    sent = shipment.seal_number if shipment else 0
    behind = AuditSeal.objects.filter(number__gt=sent, sealed_at__lt=late).count()
    if behind:
        text = ngettext(
            "%(count)s seal of the access log was not sent to where RBP_AUDIT_SHIP says. See "
            "that it can be reached; then run: manage.py seal_log",
            "%(count)s seals of the access log were not sent to where RBP_AUDIT_SHIP says. See "
            "that it can be reached; then run: manage.py seal_log",
            behind,
        )
        yield Finding("unshipped", text % {"count": behind})
