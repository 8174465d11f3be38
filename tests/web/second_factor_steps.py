"""What the tests of second factors share: setting up the app, adding and using a passkey."""

import json
from base64 import b32decode
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from scoring import actions
from scoring.models import AuditEvent, Passkey, User
from tests import cast
from tests.web.html import Page, elements, text
from tests.web.software_passkey import SoftwarePasskey

Action = AuditEvent.Action
ADD, CODE = "/account/passkeys/add", "/account/code"
HOST = "ward.example"
REFUSED = "Error: this passkey was not accepted."


def code_of(key: str, steps: int = 0) -> str:
    """What the app with this key in hexadecimal digits shows now, or some half minutes from now."""
    return f"{totp(bytes.fromhex(key), drift=steps):06d}"


def shown_key(response: Any) -> str:
    """The key that a page shows, in hexadecimal digits."""
    (key,) = (
        text(e) for e in elements(Page(response).root) if ("class", "typed-key") in e.attributes
    )
    return b32decode(key.replace(" ", "")).hex()


def set_up_app(user: User) -> list[str]:
    """An authenticator app in use; its recovery codes."""
    key = actions.new_authenticator(by=user).key
    done = actions.set_up_authenticator(by=user, key=key, code=code_of(key), origin=actions.NOWHERE)
    assert done is not None
    # The code that confirmed it counts no more, as with a real app half a minute passes.
    TOTPDevice.objects.filter(user=user).update(last_t=-1)
    return done[1]


def behind_a_server_with_tls(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = [HOST, "other.example", "127.0.0.1", "localhost", "192.0.2.5"]


def browser_at(user: User, host: str = HOST, *, tls: bool = True) -> Client:
    """A browser at this host, after the password; TLS ends at the server in front."""
    client = Client(headers={"host": host, "x-forwarded-proto": "https" if tls else "http"})
    client.force_login(user)
    return client


def options_of(response: Any) -> dict[str, Any]:
    """The question that a page carries to the browser."""
    (found,) = (
        dict(e.attributes)["data-options"]
        for e in elements(Page(response).root)
        if "data-options" in dict(e.attributes)
    )
    options: dict[str, Any] = json.loads(found or "")
    return options


def ask_for_new(client: Client, name: str = "blue key") -> dict[str, Any]:
    """The question for a new passkey, after its name and the password."""
    return options_of(client.post(ADD, {"name": name, "password": cast.PASSWORD}))


def add(client: Client, name: str = "blue key") -> SoftwarePasskey:
    """A new passkey of the user who is signed in there."""
    key = SoftwarePasskey()
    answer = client.post(ADD, {"passkey": key.made(ask_for_new(client, name))})
    assert answer.status_code in {200, 302}
    assert Passkey.objects.filter(name=name).exists()
    return key


def use(client: Client, key: SoftwarePasskey) -> Any:
    """Answer the question after the password."""
    return client.post(CODE, {"passkey": key.signed(options_of(client.get(CODE)))})


def gets_in(client: Client) -> bool:
    """Whether signing in is complete."""
    return bool(client.get(reverse("worklist")).status_code == 200)


def refused_because() -> object:
    """The reason of the last refusal, as the access log has it."""
    event = AuditEvent.objects.filter(action=Action.SECOND_FACTOR_FAILED).latest("pk")
    return event.detail["reason"]


def later(seconds: float = 3_600) -> Any:
    """The clock stands still so long from now; by default after every wait that failures bring."""
    then = timezone.now() + timedelta(seconds=seconds)
    return patch("django.utils.timezone.now", return_value=then)
