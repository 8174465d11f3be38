"""Makes the demonstration in a database that holds nothing yet, and says how to sign in."""

from datetime import datetime, time, timedelta
from random import Random
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from scoring.actions import NOWHERE, WardFacts, change_ward_settings
from scoring.models import Patient, Role, User
from scoring.models.codes import LaboratoryUnit
from script.lib.abort import Abort
from script.lib.demonstration import accounts
from script.lib.demonstration.courses import DAYS, OPERATED_AGAIN, PATIENTS, draw_courses
from script.lib.demonstration.record import Record
from script.lib.demonstration.seals import seal_as_of_then
from script.lib.demonstration.texts import texts

_SEED = 20250813


def demonstrate(*, patients: int = PATIENTS, operated_again: int = OPERATED_AGAIN) -> str:
    """Make the demonstration unless it is there; what to tell the person who started it.

    Raises ``Abort`` in production and on a database that holds accounts or patients of others.
    """
    if settings.PRODUCTION:
        raise Abort("--demo is not for production: its passwords are shown. Start without it.")
    with transaction.atomic():
        # Two servers may start at once; the second one finds what the first has made.
        Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)
        passwords = accounts.shown_passwords()
        is_made = User.objects.filter(username__in=passwords).exists()
        if not is_made:
            if User.objects.exists() or Patient.objects.exists():
                raise Abort(
                    "This database holds accounts or patients already, and synthetic patients are "
                    "never mixed with them. Give the demonstration a folder of its own: "
                    "RBP_DATA_DIR=/var/tmp/rbp-demo script/server --demo"
                )
            _make(patients, operated_again)
            passwords = accounts.shown_passwords()
    count = Patient.objects.filter(synthetic=True).count()
    return (
        f"Demonstration with {count} synthetic patients. Never enter a real one here.\n"
        f"Accounts to sign in with (role, username, password):\n{accounts.table(passwords)}"
    )


def _make(patients: int, operated_again: int) -> None:
    print(f"Making {patients} synthetic patients (usually ten seconds)", flush=True)
    today = timezone.localdate()
    first_day = today - timedelta(days=DAYS + 30)
    opened_at = timezone.make_aware(datetime.combine(first_day, time(9)))
    staff = accounts.make_accounts(opened_at)
    ward = WardFacts(
        hospital_name=texts().hospital,
        ward_name=texts().ward,
        pdw_unit=LaboratoryUnit.FL,
    )
    # The action looks at the clock; in the access log it stands before what the ward did.
    with patch.object(timezone, "now", return_value=opened_at):
        change_ward_settings(by=staff["administrator"], facts=ward, opened=0, origin=NOWHERE)
    courses = draw_courses(
        patients=patients, operated_again=operated_again, seed=_SEED, today=today
    )
    Record(staff, Random(_SEED)).write(courses)  # noqa: S311 - ids that are the same on every run
    seal_as_of_then()
    with connection.cursor() as cursor:
        # The planner knows nothing of what was just loaded: the worklist would take minutes.
        cursor.execute("ANALYZE")
