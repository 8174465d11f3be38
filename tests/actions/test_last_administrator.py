"""Two administrators who disable each other at the same moment: one of them stays."""

from functools import partial

import pytest

from scoring import actions
from scoring.models import Role, User
from tests import cast
from tests.same_moment import at_once


@pytest.mark.django_db(transaction=True)
def test_one_administrator_is_always_left() -> None:
    adam = cast.adam()
    ada = cast.account("ada", "Ada Other", Role.ADMINISTRATOR)
    disable = partial(actions.disable_user, origin=actions.NOWHERE)
    pairs = ((adam, ada), (ada, adam))
    _disabled, refused = at_once([partial(disable, by=by, user=user) for by, user in pairs])
    assert [type(each) for each in refused] == [actions.LastAdministratorError]
    assert User.objects.filter(is_active=True).count() == 1
