"""What ``manage.py doctor`` looks at: each check says in a sentence what to mend."""

from collections.abc import Callable, Iterator

from scoring.management.doctor import around, database, installation, site
from scoring.management.doctor.finding import Finding

# In the order they are told. Those of the database are asked only where it answers.
CHECKS: list[Callable[[], Iterator[Finding]]] = [
    installation.settings_are_safe,
    installation.secrets_are_closed,
    installation.static_files_are_collected,
    installation.reports_can_be_made,
    around.disks_have_room,
    around.there_is_a_backup,
    site.running_site_is_ready,
]
CHECKS_OF_THE_DATABASE: list[Callable[[], Iterator[Finding]]] = [
    database.server_is_fit,
    database.connection_is_encrypted,
    database.role_has_the_right_rights,
    database.tables_are_of_this_version,
    database.ward_has_a_time_zone,
    database.clocks_agree,
    database.triggers_are_on,
    database.background_work_is_done,
    database.log_is_sealed_and_shipped,
]


def findings() -> Iterator[Finding]:
    """All that is found."""
    for check in CHECKS:
        yield from check()
    unreachable = list(database.answers())
    yield from unreachable
    if not unreachable:
        for check in CHECKS_OF_THE_DATABASE:
            yield from check()
