"""All connections of PostgreSQL taken by others: pages say busy, health answers, it recovers."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import psycopg2

from tests.faults.browser import Saving, form_of
from tests.faults.conftest import Ward, until

_END_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where usename in ('rbp', 'rbp_site') and datname = current_database() and pid <> all(%s)
"""


@contextmanager
def all_taken(ward: Ward) -> Iterator[None]:
    """Every connection that the site may have belongs to somebody else."""
    with ExitStack() as taken:
        superuser = taken.enter_context(closing(ward.connection("postgres")))
        superuser.autocommit = True
        ours: list[int] = []
        while True:
            try:
                connection = taken.enter_context(closing(ward.connection()))
            except psycopg2.OperationalError:
                with superuser.cursor() as cursor:
                    cursor.execute(_END_OTHERS, [ours])
                    if not cursor.fetchall():
                        break
            else:
                ours.append(connection.info.backend_pid)
        yield


def test_pages_say_that_the_database_is_busy_and_go_on_by_themselves(ward: Ward) -> None:
    with ward.serving() as site:
        browser = site.signed_in()
        before, late = Saving("X-BEFORE"), Saving("X-LATE")
        before.send_until_saved(browser)
        with all_taken(ward):
            refused = late.send(browser)
            assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
            assert "The database is too busy to answer." in refused.text
            page = browser.get("/")
            assert (page.status, page.headers["Retry-After"]) == (503, "10")
            assert "The database is too busy to answer." in page.text
            assert browser.get("/healthz").status == 200
            assert browser.get("/readyz").status == 503
            workers = site.workers()
        late.answers.append(browser.post("/assessments/new", form_of(refused).fields))
        assert late.answers[-1].is_saved
        until(lambda: browser.get("/readyz").status == 200, "readiness")
        assert site.workers() == workers
    ward.must_hold_exactly_once([before, late])
