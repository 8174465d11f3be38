"""Validation read from a standby that lags, stops following, or is gone."""

from collections.abc import Callable

from tests import cast
from tests.faults.browser import Browser, Saving, form_of
from tests.faults.conftest import until
from tests.machines.conftest import Machines
from tests.machines.postgres import Server

_RITA = "import django; django.setup(); from tests import cast; cast.rita()"
_SCANS = "select sum(seq_scan + idx_scan) from pg_stat_user_tables where relname like 'scoring_%'"


def _reviewer(port: int) -> Browser:
    browser = Browser(port)
    fields = form_of(browser.get("/sign-in")).fields
    answer = browser.post("/sign-in", fields | {"username": "rita", "password": cast.PASSWORD})
    assert answer.status == 302, answer.text
    return browser


def _follows(primary: Server, standby: Server) -> Callable[[], bool]:
    """Whether a standby has replayed what is written now."""
    [(written,)] = primary.query("select pg_current_wal_flush_lsn()")
    position = f"select pg_last_wal_replay_lsn() >= '{written}'"
    return lambda: standby.query(position) == [(True,)]


def test_validation_on_a_standby(machines: Machines) -> None:
    a, b = machines.servers
    # This one may be away: nothing waits for it.
    a.query("alter system reset synchronous_standby_names")
    a.query("select pg_reload_conf()")
    machines.python(_RITA)
    standby = f"postgresql://rbp_site@127.0.0.1:{b.port}/rbp"
    lag = {"DATABASE_STANDBY_URL": standby, "RBP_STANDBY_LAG_SECONDS": "3600"}
    strict = lag | {"RBP_STANDBY_LAG_SECONDS": "0"}
    with machines.serving(**lag) as site, machines.serving(**strict) as impatient:
        rita, alice = _reviewer(site.port), site.signed_in()
        hurried = _reviewer(impatient.port)
        until(_follows(a, b), "the standby")
        before = b.query(_SCANS)
        page = rita.get("/validation")
        assert page.status == 200
        assert "As of" not in page.text
        until(lambda: b.query(_SCANS) > before, "a page that is read from the standby")

        b.query("select pg_wal_replay_pause()")
        saving = Saving("R1")
        saving.send_until_saved(alice)
        page = rita.get("/validation")
        assert page.status == 200
        assert "As of" in page.text
        assert "As of" not in hurried.get("/validation").text

        b.query("select pg_wal_replay_resume()")
        until(_follows(a, b), "the standby again")
        until(lambda: "As of" not in rita.get("/validation").text, "a page without delay")

        b.kill()
        page = rita.get("/validation")
        assert page.status == 200
        assert "As of" not in page.text
    viewed = "select count(*) from scoring_auditevent where action = 'validation_viewed'"
    [(lines,)] = a.query(viewed)
    assert lines >= 5
    print(
        "\na standby that lags is told of, or not used; one that is gone is passed over; "
        f"{lines} views in the access log of the primary"
    )
