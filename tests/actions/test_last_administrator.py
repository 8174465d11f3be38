"""Two administrators who disable each other at the same moment: one of them stays."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from scoring import actions
from scoring.models import Role, User
from tests import cast


@pytest.mark.django_db(transaction=True)
def test_one_administrator_is_always_left() -> None:
    adam = cast.adam()
    ada = cast.account("ada", "Ada Other", Role.ADMINISTRATOR)
    begin, refused = Barrier(2), []

    def disable(by: User, user: User) -> None:
        begin.wait()
        try:
            actions.disable_user(by=by, user=user, origin=actions.NOWHERE)
        except actions.LastAdministratorError:
            refused.append(user.username)
        finally:
            connection.close()

    threads = [Thread(target=disable, args=pair) for pair in ((adam, ada), (ada, adam))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.filter(is_active=True).count() == 1
    assert User.objects.get(is_active=True).username == refused[0]
