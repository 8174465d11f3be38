import pytest
from scoring.queries.record_check import RecordCheck
from tests import cast
from tests.life import acts
pytestmark = pytest.mark.django_db

def test_try() -> None:
    first = cast.recorded()
    acts.amended(first)
    acts.outcome(first, acts.measured(3, 7))
    acts.corrected(cast.registered("H7"), cast.person("H7", given_name="Na"))
    check = RecordCheck()
    assert list(check.findings()) == []
    assert check.rows == 8
