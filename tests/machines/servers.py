"""Two servers behind nginx that share the database alone; each is killed in turn."""

import http.client
import re
from collections.abc import Mapping
from pathlib import Path

from tests import cast
from tests.faults.browser import Answer, Browser, Saving, form_of
from tests.faults.conftest import PREPARE, Ward, clinicians, until
from tests.scripts.conftest import Private, copied, started
from tests.scripts.conftest import with_tables as with_tables
from tests.scripts.front import HOST, Front, Site, standing

SAVES = 100


class Outside(Browser):
    """A browser that finds the site behind nginx."""

    def __init__(self, front: Front) -> None:
        super().__init__(front.https_port)
        self.front = front

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            answer = self.front.ask(method, path, body, Cookie=cookies, Referer=f"https://{HOST}/")
        except (OSError, http.client.HTTPException):
            return Answer(0)
        for cookie in answer.cookies:
            if found := re.match(r"([^=]+)=([^;]*)", cookie):
                self.cookies[found[1]] = found[2]
        # What nginx says where the server died, or a person is too quick: to be sent again.
        status = 0 if answer.status in {429, 502, 504} else answer.status
        told = {"Location": answer.headers.get("location", "")}
        return Answer(status, answer.body, told)


def _answers(site: Site) -> int:
    """How many requests a server has answered."""
    log = Path(site.environment["RBP_DATA_DIR"], "logs", "access.log")
    return len(log.read_text().splitlines())


def test_two_servers_each_killed_in_turn(
    reachable_folder: Path, with_tables: Private, tmp_path: Path
) -> None:
    private = copied(with_tables, reachable_folder / "shared")
    ward = Ward(private, tmp_path)
    with started(private), standing(private, tmp_path, sites=2) as front:
        ward.python(
            f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'rbpsite.settings'{PREPARE}"
        )
        one, two = front.sites
        alice = Outside(front)
        alice.sign_in()
        before = [_answers(site) for site in front.sites]
        for _ in range(10):
            assert alice.get("/").status == 200
        shares = [_answers(site) - n for site, n in zip(front.sites, before, strict=True)]
        assert min(shares) > 0, "one server answered alone"
        print(f"\n10 pages of one session: {shares[0]} by one server, {shares[1]} by the other")

        savings = []
        for down in (one, two):
            kept, saved = Saving(f"D{down.port}"), Saving(f"E{down.port}")
            leave_unfinished(alice, kept)
            down.kill()
            # On record at the first press: nginx asks the server that is there.
            assert saved.send(alice).is_saved
            assert kept.token.replace("-", "") in alice.get("/").text, "the draft is gone"
            [pk] = saved.ids
            report = alice.get(f"/assessments/{pk}/report")
            assert (report.status, report.text[:5]) == (200, "%PDF-")
            down.start()
            assert kept.send(alice).is_saved
            savings += [kept, saved]
        print("each server killed in turn: session, draft, save and report went on by the other")

        savings += killed_under_load(front, alice)
        lock_out(front)
    ward.private.must("start")
    try:
        ward.must_hold_exactly_once(savings)
    finally:
        ward.private.must("stop")


def leave_unfinished(browser: Browser, saving: Saving) -> None:
    """Fill a form in and press "Save unfinished"."""
    page = form_of(browser.get("/assessments/new")).fields
    marks = {name: page[name] for name in ("csrfmiddlewaretoken", "kept_for") if name in page}
    answer = browser.post("/assessments/new", saving.fields | marks | {"save": "unfinished"})
    assert answer.status == 302, answer.text


def killed_under_load(front: Front, browser: Browser) -> list[Saving]:
    """A hundred saves, the servers killed and started in turn meanwhile."""
    savings = [Saving(f"N{number}") for number in range(SAVES)]
    with clinicians(8) as people:
        done = [people.submit(saving.send_until_saved, browser) for saving in savings]
        for down, count in ((front.sites[0], SAVES // 4), (front.sites[1], SAVES // 2)):
            until(lambda n=count: sum(bool(s.ids) for s in savings) >= n, "saves")  # type: ignore[misc]
            down.kill()
            down.start()
        for each in done:
            each.result()
    print(f"{SAVES} saves while each was killed in turn: all acknowledged, each on record once")
    return savings


def lock_out(front: Front) -> None:
    """Failed sign-ins count together, whichever server sees them."""
    stranger = Outside(front)
    fields = form_of(stranger.get("/sign-in")).fields | {"username": "alice"}
    for _ in range(5):
        stranger.post("/sign-in", fields | {"password": "wrong"})
    for _ in front.sites:
        answer = stranger.post("/sign-in", fields | {"password": cast.PASSWORD})
        assert answer.status == 200, "got in"
    print("5 failed sign-ins, spread over both, lock the user out of both")
