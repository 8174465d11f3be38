"""What ``manage.py doctor`` looks at: each check says in a sentence what to mend."""

from collections.abc import Callable, Iterator

from scoring.management.doctor import around, database, installation, laboratory, site
from scoring.management.doctor.finding import Finding

# In the order they are told. Those of the database are asked only where it answers, those of the
# tables only where they are of this version.
CHECKS: list[Callable[[], Iterator[Finding]]] = [
    installation.settings_are_safe,
    installation.secrets_are_closed,
    installation.static_files_are_collected,
    installation.languages_are_compiled,
    installation.python_is_optimized,
    installation.reports_can_be_made,
    installation.names_can_be_printed,
    around.disks_have_room,
    around.there_is_a_backup,
    laboratory.laboratory_is_set_up_safely,
    site.running_site_is_ready,
]
CHECKS_OF_THE_DATABASE: list[Callable[[], Iterator[Finding]]] = [
    database.server_is_fit,
    database.connection_is_encrypted,
    database.clocks_agree,
]
CHECKS_OF_THE_TABLES: list[Callable[[], Iterator[Finding]]] = [
    database.ward_has_a_time_zone,
    database.role_has_the_right_rights,
    database.triggers_are_on,
    database.triggers_are_not_skipped,
    database.models_are_known,
    database.background_work_is_done,
    laboratory.laboratory_messages_are_taken,
    database.log_is_sealed_and_shipped,
    database.reports_are_made_ahead,
]


def findings() -> Iterator[Finding]:
    """All that is found."""
    yield from _each(CHECKS)
    unreachable = list(database.answers())
    yield from unreachable
    if unreachable:
        return
    yield from _each(CHECKS_OF_THE_DATABASE)
    unfit = list(database.tables_are_of_this_version())
    yield from unfit
    if not unfit:
        yield from _each(CHECKS_OF_THE_TABLES)


def _each(checks: list[Callable[[], Iterator[Finding]]]) -> Iterator[Finding]:
    for check in checks:
        yield from check()
