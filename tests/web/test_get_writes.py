"""Opening a page writes access log, session, what was computed or printed, and nothing else."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.addresses import address_of
from tests.web.test_url_roles import _client
from tests.web.test_url_roles import records as records
from tests.web.url_roles import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|TRUNCATE)\s+"?(\w+)', re.I)


@pytest.mark.parametrize("who", ["clinician", "reviewer", "administrator"])
def test_get_changes_no_record(who: str, records: dict[str, UUID | str]) -> None:
    client, _user = _client(who)
    written: dict[str, set[str]] = {}
    names = [row.name for row in TABLE if row.method == "GET"]
    assert len(names) > 30
    for name in names:
        with CaptureQueriesContext(connection) as asked:
            client.get(address_of(name, records))
        for query in asked:
            if found := WRITES.match(query["sql"]):
                written.setdefault(found[1], set()).add(name)
    # Administrators see no patient, so that nothing is logged.
    assert ("scoring_auditevent" in written) == (who != "administrator")
    computing = ("validation", "model-card")
    assert all(n.startswith(computing) for n in written.pop("scoring_cachedvalidation", set()))
    printing = {"assessment-report", "assessment-patient-sheet"}
    assert written.pop("scoring_keptreport", set()) <= printing
    # The link of a card: whoever opens it first has what it offers.
    assert written.pop("scoring_ehrreading", set()) <= {"ehr-card"}
    assert set(written) <= {"scoring_auditevent", "django_session"}, written
