"""``kill -9`` of the site in the middle of 200 saves; two sites at once; a clock set back."""

import threading
from pathlib import Path

from tests.faults.browser import Saving
from tests.faults.conftest import Ward, acknowledged, clinicians

SAVES = 200
KILLED_AFTER = 25


def test_killed_in_the_middle_of_200_saves_it_loses_and_doubles_nothing(ward: Ward) -> None:
    savings = [Saving(f"K{number}") for number in range(SAVES)]
    enough = threading.Semaphore(0)

    # Patient, so that none of the 200 is told to come again: each is waiting or under way.
    patient = {"RBP_DB_BUSY_SECONDS": "600", "RBP_DB_LOCK_SECONDS": "600"}
    with ward.serving(**patient) as site, clinicians(SAVES) as people:
        browser = site.signed_in()

        def save(saving: Saving) -> None:
            if saving.send(browser).is_saved:
                enough.release()
            else:
                saving.send_until_saved(browser)

        done = [people.submit(save, saving) for saving in savings]
        acknowledged(enough, KILLED_AFTER, done)
        site.kill()
        site.start()
        for each in done:
            each.result()
        broken = [saving for saving in savings if not saving.answers[0].status]
    # The kill came while they were under way, and every one has been acknowledged since.
    assert len(broken) > SAVES // 4
    assert all(saving.ids for saving in savings)
    ward.must_hold_exactly_once(savings)


def test_two_sites_on_one_database_one_of_them_with_its_clock_set_back(
    ward: Ward, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    savings = [Saving(f"C{number}") for number in range(20)]
    with ward.serving() as site, ward.serving(RBP_TEST_CLOCK=str(clock)) as other:
        # The session is the same on both: what one has signed in, the other knows.
        here, there = site.signed_in(), other.browser
        there.cookies, there.token = here.cookies, here.token
        before, after = savings[:10], savings[10:]
        with clinicians(8) as people:
            for some in (before, after):
                pressed = [(saving, browser) for saving in some for browser in (here, there)]
                for sent in [people.submit(s.send, b) for s, b in pressed]:
                    sent.result()
                clock.write_text(str(-3 * 60 * 60))
        late = Saving("C-LATE")
        late.send_until_saved(there)
        # Readers see what was saved with either clock, and the session of the one goes on.
        assert there.get("/").status == here.get("/").status == 200
    assert all(len(saving.answers) == 2 for saving in savings)
    assert all(saving.ids for saving in savings)
    [(back,)] = ward.query(
        "select now() - created_at > interval '2 hours' from scoring_assessment"
        f" where form_token = '{late.token}'"
    )
    assert back, "the clock was not set back"
    ward.must_hold_exactly_once([*savings, late])
