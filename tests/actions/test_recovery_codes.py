"""New recovery codes asked for twice at the same moment: there is one set of them."""

from functools import partial

import pytest
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from scoring import actions
from tests import cast
from tests.same_moment import at_once


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_made_twice_at_once_are_one_set() -> None:
    make = partial(actions.make_recovery_codes, by=cast.alice(), origin=actions.NOWHERE)
    make()
    made, _refused = at_once([make] * 4)
    assert len(made) == 4
    assert StaticDevice.objects.count() == 1
    assert StaticToken.objects.count() == 10
