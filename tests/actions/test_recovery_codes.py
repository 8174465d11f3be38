"""New recovery codes asked for twice at the same moment: there is one set of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from scoring import actions
from tests import cast


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_made_twice_at_once_are_one_set() -> None:
    alice, times = cast.alice(), 4
    actions.make_recovery_codes(by=alice, origin=actions.NOWHERE)
    begin = Barrier(times)

    def make(_number: int) -> list[str]:
        begin.wait()
        try:
            return actions.make_recovery_codes(by=alice, origin=actions.NOWHERE)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=times) as pool:
        assert len(list(pool.map(make, range(times)))) == times
    assert StaticDevice.objects.count() == 1
    assert StaticToken.objects.count() == 10
