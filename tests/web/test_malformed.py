"""8,900 malformed requests over every address and every form: each is answered, none by a 500."""

import logging
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from scoring.models import AuditEvent, User
from tests import cast
from tests.life import acts
from tests.web.addresses import patterns
from tests.web.malformed import METHODS, Maker, Malformed, field_names

pytestmark = pytest.mark.django_db
REQUESTS = 8_900
SEED = 1625518
# Where what was sent leads to a page or a sheet of paper that takes its time.
LONG = {"assessment-report": 2, "assessment-new": 15, "assessment-amend": 15}
LONG_ELSE = 15
ENDING = {"sign-out", "session-end", "password-change"}


class _Errors(logging.Handler):
    """What Django reports as an error of the site itself."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record.getMessage())


def _everyman() -> User:
    """Somebody who may do everything."""
    user = cast.alice()
    user.groups.set(Group.objects.all())
    return user


def _sent(client: Client, request: Malformed) -> Any:
    more: dict[str, Any] = {"QUERY_STRING": request.query, **request.more}
    return client.generic(request.method, request.path, request.body, request.kind, **more)


def test_thousands_of_malformed_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    user = _everyman()
    record = [cast.recorded(), acts.provisional("H1")]
    record.append(acts.voided(cast.recorded(cast.person("H2"))))
    maker = Maker(SEED, [*(each.pk for each in record), record[0].patient_id])
    stranger, insider = Client(), Client()
    guarded = Client(enforce_csrf_checks=True)
    names = sorted(patterns())
    made: list[Malformed] = []
    answers: Counter[int] = Counter()
    hits: Counter[str] = Counter()
    to_record: Counter[str] = Counter()
    insider.force_login(user)
    session = insider.cookies["sessionid"].value
    errors = _Errors()
    # What is refused is logged with where it was: thousands of times, and tested elsewhere.
    monkeypatch.setattr(logging.getLogger("django"), "propagate", False)
    monkeypatch.setattr(logging.getLogger("rbpsite.requests"), "disabled", True)
    logging.getLogger("django.request").addHandler(errors)
    try:
        for number in range(REQUESTS):
            name = names[number % len(names)]
            inside = number // len(names) % 10 < 2
            on_record = inside and to_record[name] < LONG.get(name, LONG_ELSE)
            request = maker.request(name, on_record=on_record)
            if inside and request.method == "POST" and not on_record:
                # The pages that forms lead back to have been asked for often enough.
                request.method = "PUT" if name in LONG else "POST"
            client = insider if inside else guarded if number % 7 == 0 else stranger
            insider.cookies["sessionid"] = session
            response = _sent(client, request)
            assert response.status_code < 500, (number, request)
            if response.streaming:
                list(response.streaming_content)
            made.append(request)
            answers[response.status_code] += 1
            hits[name] += 1
            to_record[name] += on_record
            if inside and name in ENDING:
                insider.force_login(User.objects.get(pk=user.pk))
                session = insider.cookies["sessionid"].value
    finally:
        logging.getLogger("django.request").removeHandler(errors)
    assert errors.found == []
    assert sum(answers.values()) == REQUESTS
    # Every address was asked, signed in and not, and every kind of answer came.
    assert set(hits) == set(patterns())
    assert min(hits.values()) >= REQUESTS // len(names)
    assert min(to_record[name] for name in names) >= min(LONG.values())
    assert {200, 302, 400, 403, 404, 405, 422} <= set(answers)
    assert AuditEvent.objects.filter(action="assessment_viewed").count() > 20
    _assert_malformed(made)


def _assert_malformed(made: list[Malformed]) -> None:
    """Every method, every field of every form, in very many different ways."""
    assert {request.method for request in made} == set(METHODS)
    bodies = b"&" + b"&".join(request.body for request in made)
    for name in field_names():
        assert f"&{quote(name)}=".encode() in bodies, name
    assert sum(b"%00" in request.body for request in made) > 500
    assert sum(bool(request.more) for request in made) > 3000
    assert len({(r.path, r.query, r.body, r.method) for r in made}) > 6000
    assert all(request.is_malformed for request in made)
