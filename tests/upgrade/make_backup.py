"""Makes ``version-0.1.dump``: the data of a ward that worked with version 0.1, all synthetic.

Run it with a checkout of version 0.1 (commit c9b64c5), in its folder and its environment, on an
empty database that ``DATABASE_URL`` names: ``python /path/to/make_backup.py``, then that
version's ``script/backup``. The passwords are those of the tests.
"""

import os
import sys
from functools import partial
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
sys.path.insert(0, os.getcwd())

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from scoring import actions  # noqa: E402
from scoring.models import Assessment  # noqa: E402
from tests import cast  # noqa: E402
from tests.life import acts  # noqa: E402
from tests.recalibration.local import approved, proposed, rejected, retired  # noqa: E402


def lives() -> None:
    """Each thing that can happen to an assessment, an outcome and a patient."""
    first = cast.recorded(cast.person(family_name="O'Brien 王", given_name="Xiulan"))
    acts.amended(first, reason="Chloride was read\nfrom the wrong sheet")
    acts.completed(acts.provisional("H2"), restored=True)
    acts.reinstated(acts.voided(acts.provisional("H3")))
    acts.voided(cast.recorded(cast.person("H4")))
    cast.recorded(cast.person("H5", birth_date=None), cast.worked_example(age_years=80))
    outcome = acts.outcome(first, acts.measured(3, 7))
    acts.outcome(first, acts.measured(3, 6), expected=outcome)
    acts.outcome(first, acts.measured(30, 5))
    acts.outcome(cast.recorded(cast.person("H6")), acts.not_evaluable(30))
    acts.corrected(cast.registered("H7"), cast.person("H7", given_name="Na"))


def recalibrations() -> None:
    """One of each standing; the one in use gives a risk to what is recorded under it."""
    rejected(proposed())
    retired(approved())
    in_use = approved()
    assert in_use.number == 3
    cast.recorded(cast.person("H8"))
    acts.completed(acts.provisional("H9"))


def visits() -> None:
    """Pages that people of each role opened, which the access log holds."""
    newest: Any = Assessment.objects.latest("created_at")
    for user in (cast.alice(), cast.rita(), cast.adam()):
        browser = Client()
        browser.post("/sign-in", {"username": user.username, "password": cast.PASSWORD})
        for path in ("/", reverse("history"), reverse("assessment-result", args=[newest.pk])):
            browser.get(path)


def main() -> None:
    """Fill the database: accounts of each role, lives, recalibrations, 200 drawn assessments."""
    # The tests' own patients are not marked; in a file that is kept, everybody is.
    cast.person = partial(cast.person, synthetic=True)
    call_command("migrate", verbosity=0)
    for make in (cast.alice, cast.bob, cast.rita, cast.adam, cast.nora, acts.cara):
        make()
    lives()
    call_command("seal_log", verbosity=0)
    recalibrations()
    call_command("seed", assessments=200, append=True, verbosity=0)
    visits()
    actions.seal_waiting()
    # The last lines of a working day are not sealed yet.
    acts.outcome(cast.recorded(cast.person("H10")), acts.measured(3, 2))


main()
