"""Passkeys that may not count: used twice, copied, of others, broken; each refusal is logged."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import Settings

from scoring import actions
from scoring.models import AuditEvent, Passkey, User
from scoring.web import passkeys
from tests import cast
from tests.web.html import Page
from tests.web.second_factor_steps import (
    ADD,
    CODE,
    HOST,
    REFUSED,
    add,
    ask_for_new,
    behind_a_server_with_tls,
    browser_at,
    gets_in,
    later,
    options_of,
    refused_because,
    use,
)
from tests.web.software_passkey import FLAG, SoftwarePasskey

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    behind_a_server_with_tls(settings)


@pytest.fixture
def alice() -> User:
    return cast.alice()


@pytest.fixture
def key(alice: User) -> SoftwarePasskey:
    return add(browser_at(alice))


def test_the_same_answer_serves_once(alice: User, key: SoftwarePasskey) -> None:
    client = browser_at(alice)
    answer = key.signed(options_of(client.get(CODE)))
    assert client.post(CODE, {"passkey": answer}).status_code == 302
    other = browser_at(alice)
    assert other.post(CODE, {"passkey": answer}).status_code == 422
    assert refused_because() == "no challenge is open"
    with later():
        other.get(CODE)
        page = Page(other.post(CODE, {"passkey": answer}))
    assert refused_because() == "Wrong challenge in response."
    assert REFUSED in page.text
    assert not gets_in(other)


def test_a_challenge_waits_ten_minutes(alice: User, key: SoftwarePasskey) -> None:
    client = browser_at(alice)
    options = options_of(client.get(CODE))
    now = time.time()
    with patch("scoring.web.passkeys.time.time", return_value=now + 601):
        assert client.post(CODE, {"passkey": key.signed(options)}).status_code == 422
    assert refused_because() == "no challenge is open"


def test_a_copy_is_found_by_its_counter(alice: User, key: SoftwarePasskey) -> None:
    copy = replace(key)
    use(browser_at(alice), key)
    use(browser_at(alice), key)
    client = browser_at(alice)
    assert use(client, copy).status_code == 422
    assert refused_because() == "signature counter went back"
    assert not gets_in(client)
    assert Passkey.objects.get().sign_count == 2


def test_a_passkey_without_a_counter_serves_again_and_again(
    alice: User, key: SoftwarePasskey
) -> None:
    for _time in range(2):
        client = browser_at(alice)
        key.sign_count = -1
        use(client, key)
        assert gets_in(client)


def test_what_is_bound_to_others_is_refused(alice: User, key: SoftwarePasskey) -> None:
    bobs = add(browser_at(cast.bob()))
    wrong: list[tuple[SoftwarePasskey, str]] = [
        (bobs, "Unknown credential ID."),
        (replace(bobs, credential_id=key.credential_id), "Invalid signature."),
        (replace(key, origin="https://evil.example"), "Invalid origin in CollectedClientData."),
        (replace(key, origin=f"https://a.{HOST}"), "Invalid origin in CollectedClientData."),
        (replace(key, origin=f"http://{HOST}"), "Invalid origin in CollectedClientData."),
        (replace(key, present=FLAG.UV), "User Present flag not set."),
    ]
    for wrong_key, reason in wrong:
        client = browser_at(alice)
        with later():
            Passkey.objects.update(throttling_failure_count=0)
            assert use(client, wrong_key).status_code == 422
        assert refused_because() == reason
        assert not gets_in(client)


def test_a_signature_for_another_host_is_refused(alice: User, key: SoftwarePasskey) -> None:
    client = browser_at(alice)
    options = options_of(client.get(CODE)) | {"rpId": "evil.example"}
    assert client.post(CODE, {"passkey": key.signed(options)}).status_code == 422
    assert refused_because() == "Wrong RP ID hash in response."


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "x",
        "[]",
        "{}",
        "[" * 5_000,
        '{"id": 1}',
        '{"rawId": "AA", "response": {}}',
        "9" * 17_000,
    ],
)
def test_nonsense_is_refused(alice: User, key: SoftwarePasskey, answer: str) -> None:
    client = browser_at(alice)
    client.get(CODE)
    assert client.post(CODE, {"passkey": answer}).status_code == 422
    with later():
        use(client, key)
    assert gets_in(client)
    ask_for_new(client, "other")
    assert client.post(ADD, {"passkey": answer}).status_code == 422
    assert Passkey.objects.count() == 1


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_a_broken_answer_is_refused(alice: User, key: SoftwarePasskey, part: str) -> None:
    client = browser_at(alice)
    answer = json.loads(key.signed(options_of(client.get(CODE))))
    for broken in ("", "AAAA", "%", 7, None, answer["response"][part][:-8]):
        with later():
            Passkey.objects.update(throttling_failure_count=0)
            client.get(CODE)
            response = answer["response"] | {part: broken}
            sent = json.dumps(answer | {"response": response})
            assert client.post(CODE, {"passkey": sent}).status_code == 422
    assert not gets_in(client)


def test_failures_are_slowed_down_like_codes(alice: User, key: SoftwarePasskey) -> None:
    add(browser_at(cast.bob()))
    wrong = replace(key, origin="https://evil.example")
    client = browser_at(alice)
    with later(0):
        assert "Wait 1 second before" in Page(use(client, wrong)).text
        # The right one, too soon.
        assert use(client, key).status_code == 422
    assert refused_because() == "too soon after a failure"
    with later(2):
        assert "Wait 2 seconds before" in Page(use(client, wrong)).text
    with later():
        use(client, key)
    assert gets_in(client)
    assert Passkey.objects.get(user=alice).throttling_failure_count == 0


@pytest.fixture
def refused_new(alice: User) -> Iterator[Client]:
    """After the test nothing was added, and the refusal is in the log."""
    client = browser_at(alice)
    yield client
    assert not Passkey.objects.exists()
    event = AuditEvent.objects.get(action=Action.SECOND_FACTOR_FAILED)
    assert event.detail["step"] == "set up"


def test_a_new_one_of_another_origin_is_refused(refused_new: Client) -> None:
    key = SoftwarePasskey(origin="https://evil.example")
    page = Page(refused_new.post(ADD, {"passkey": key.made(ask_for_new(refused_new))}))
    assert REFUSED in page.text
    assert "blue key" in page.text


def test_a_new_one_answers_its_own_question(refused_new: Client) -> None:
    first = ask_for_new(refused_new)
    ask_for_new(refused_new)
    assert refused_new.post(ADD, {"passkey": SoftwarePasskey().made(first)}).status_code == 422


@pytest.mark.parametrize("length", [0, 1_024, 3_000])
def test_a_new_one_has_an_id_of_a_usual_length(refused_new: Client, length: int) -> None:
    key = SoftwarePasskey(credential_id=b"x" * length)
    answer = key.made(ask_for_new(refused_new))
    assert refused_new.post(ADD, {"passkey": answer}).status_code == 422


def test_nobody_adds_the_passkey_of_somebody_else(alice: User, key: SoftwarePasskey) -> None:
    client = browser_at(cast.bob())
    stolen = replace(SoftwarePasskey(), credential_id=key.credential_id)
    assert client.post(ADD, {"passkey": stolen.made(ask_for_new(client))}).status_code == 422
    assert refused_because() == "passkey in use"
    assert Passkey.objects.get().user == alice


def test_the_question_is_for_this_user_alone(alice: User, key: SoftwarePasskey) -> None:
    party = actions.RelyingParty(host=HOST, origins=frozenset())
    assert actions.ask_for_passkey(by=cast.bob(), party=party) is None
    assert passkeys.asked_for(browser_at(alice).get(CODE).wsgi_request, cast.bob()) is None
