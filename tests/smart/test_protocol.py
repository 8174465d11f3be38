"""The protocol against a strict server: secrets, proofs, hosts, limits."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from scoring.smart import fetching
from scoring.smart.authorization import Grant, Request, address_of, begun, granted
from scoring.smart.discovery import PATH, discovered
from scoring.smart.fetching import Fetcher
from scoring.smart.reading import Chart, read
from scoring.smart.servers import CredentialsError, Server, SigningKey, signing_key
from scoring.smart.trouble import SmartError, Trouble
from tests.smart.ehr import CLIENT, LAUNCH, LOINC, PATIENT, Ehr, quantity, serving
from tests.smart.keys import private_key

BACK = "https://rbp.example/smart/callback"
PDW = f"{LOINC}|32207-3"


def _server(ehr: Ehr, **more: Any) -> Server:
    return Server("St Example", ehr.base, CLIENT, **more)


def _asked(ehr: Ehr, server: Server, launch: str = LAUNCH) -> tuple[Request, Mapping[str, str]]:
    """A request, and what the browser brings back."""
    known = discovered(ehr.base, Fetcher())
    ehr.redirect_uris.add(BACK)
    request = begun(ehr.base, known, BACK)
    led = requests.get(address_of(request, server, known, launch), allow_redirects=False, timeout=5)
    assert led.status_code == 302
    query = parse_qs(urlsplit(led.headers["Location"]).query)
    return request, {name: values[0] for name, values in query.items()}


def _granted(ehr: Ehr, server: Server | None = None, launch: str = LAUNCH) -> Grant:
    server = server or _server(ehr)
    request, brought = _asked(ehr, server, launch)
    assert brought["state"] == request.state
    return granted(request, server, brought["code"], Fetcher())


def _read(ehr: Ehr) -> Chart:
    return read(ehr.base, _granted(ehr), [PDW], Fetcher())


def _stops(trouble: Trouble, detail: str = "") -> Any:
    return pytest.raises(SmartError, check=lambda e: (e.trouble, e.detail) == (trouble, detail))


def test_a_launch_gets_a_token_and_reads_the_chart(ehr: Ehr) -> None:
    ehr.observations = [
        quantity("32207-3", 12.80, "fL", "2025-03-11"),
        quantity("9-9", 1, "1", "2"),
    ]
    chart = _read(ehr)
    assert (chart.patient["id"], chart.trouble) == (PATIENT, None)
    assert [one["id"] for one in chart.observations] == ["32207-3-2025-03-11"]
    authorize = next(one for one in ehr.asked if one.path == "/auth/authorize")
    assert authorize.query["scope"] == "launch patient/Patient.r patient/Observation.rs"
    assert authorize.query["aud"] == ehr.base
    # The token goes to the resources alone, the secret of PKCE to the token endpoint.
    with_token = {one.path for one in ehr.asked if "Authorization" in one.headers}
    assert with_token == {f"/Patient/{PATIENT}", "/Observation"}
    assert [one.path for one in ehr.asked if "code_verifier" in one.form] == ["/auth/token"]


def test_started_from_here_it_asks_for_a_patient(ehr: Ehr) -> None:
    ehr.configuration = {"capabilities": ["launch-standalone", "permission-patient"]}
    assert _granted(ehr, launch="").patient == PATIENT
    authorize = next(one for one in ehr.asked if one.path == "/auth/authorize")
    # A server that does not name its versions of scopes knows those of version 1.
    assert (
        authorize.query["scope"] == "launch/patient patient/Patient.read patient/Observation.read"
    )
    assert "launch" not in authorize.query


def test_secrets_are_new_each_time_and_long(ehr: Ehr) -> None:
    known = discovered(ehr.base, Fetcher())
    one, other = (begun(ehr.base, known, BACK) for _ in range(2))
    assert len({one.state, other.state, one.verifier, other.verifier}) == 4
    # Each character holds 6 bits; RFC 7636 wants 43 to 128 of them.
    assert len(one.state) >= 43
    assert 43 <= len(one.verifier) <= 128
    assert one.verifier not in repr(one)


@pytest.mark.parametrize("kind", ["RS384", "ES384"])
def test_a_private_key_proves_who_asks(ehr: Ehr, kind: str) -> None:
    key = signing_key(private_key(kind))
    assert key.algorithm == kind
    ehr.keys = [key.public]
    assert "d" not in key.public
    # Twice: the server takes no assertion again.
    for _ in range(2):
        assert _granted(ehr, _server(ehr, key=key)).token == "secret-token"
    # Another key of the same name is no proof.
    other = signing_key(private_key(kind, number=1))
    forged = SigningKey(kind, other.key, key.public)
    with pytest.raises((jwt.InvalidSignatureError, SmartError)):
        _granted(ehr, _server(ehr, key=forged))


@pytest.mark.parametrize(
    "pem", ["no key", private_key("ES256"), private_key("short"), private_key("public")]
)
def test_other_keys_are_refused(pem: str) -> None:
    with pytest.raises(CredentialsError):
        signing_key(pem)


def test_a_secret_proves_who_asks(ehr: Ehr) -> None:
    # RFC 6749 has both form-encoded before they are joined.
    ehr.secret = "kept: between/two %41"
    assert _granted(ehr, _server(ehr, secret=ehr.secret)).token == "secret-token"
    with _stops(Trouble.CODE_REFUSED, "invalid_client"):
        _granted(ehr, _server(ehr, secret="another"))


def test_a_code_serves_once_for_its_request_while_it_lasts(ehr: Ehr) -> None:
    server = _server(ehr)
    request, brought = _asked(ehr, server)
    granted(request, server, brought["code"], Fetcher())
    with _stops(Trouble.CODE_REFUSED, "invalid_grant"):
        granted(request, server, brought["code"], Fetcher())
    # The code of one request with the secret of another.
    _, brought = _asked(ehr, server)
    with _stops(Trouble.CODE_REFUSED, "invalid_grant"):
        granted(request, server, brought["code"], Fetcher())
    ehr.codes_expire = True
    with _stops(Trouble.CODE_REFUSED, "invalid_grant"):
        _granted(ehr)


def test_the_server_refuses_another_audience_and_launch(ehr: Ehr) -> None:
    server, known = _server(ehr), discovered(ehr.base, Fetcher())
    ehr.redirect_uris.add(BACK)
    for base, launch in ((f"{ehr.base}2", LAUNCH), (ehr.base, "old")):
        request = begun(base, known, BACK)
        led = requests.get(
            address_of(request, server, known, launch), allow_redirects=False, timeout=5
        )
        assert "error=invalid_request" in led.headers["Location"]


@pytest.mark.parametrize(
    ("token", "trouble", "detail"),
    [
        ({"token_type": "mac"}, Trouble.BAD_ANSWER, "token_type"),
        ({"access_token": None}, Trouble.BAD_ANSWER, "no access_token"),
        ({"access_token": "a\r\nb"}, Trouble.BAD_ANSWER, "no access_token"),
        ({"need_patient_banner": "no"}, Trouble.BAD_ANSWER, "need_patient_banner"),
        ({"patient": None}, Trouble.NO_PATIENT, ""),
        ({"patient": "../Practitioner/1"}, Trouble.NO_PATIENT, ""),
        ({"scope": None}, Trouble.SCOPE_PATIENT, ""),
        ({"scope": "launch patient/Observation.rs"}, Trouble.SCOPE_PATIENT, ""),
    ],
)
def test_a_token_that_can_not_be_used(
    ehr: Ehr, token: dict[str, Any], trouble: Trouble, detail: str
) -> None:
    ehr.token = token
    with _stops(trouble, detail):
        _granted(ehr)


def test_with_fewer_scopes_the_patient_is_read_alone(ehr: Ehr) -> None:
    ehr.token = {"scope": "patient/Patient.r"}
    chart = _read(ehr)
    assert chart.trouble
    assert chart.trouble.trouble is Trouble.SCOPE_OBSERVATION
    assert "/Observation" not in {one.path for one in ehr.asked}


def test_pages_are_followed_on_the_same_host_alone(ehr: Ehr) -> None:
    ehr.page = 2
    ehr.observations = [quantity("32207-3", 12, "fL", f"2025-03-{day:02}") for day in range(1, 6)]
    assert len(_read(ehr).observations) == 5
    with serving() as other:
        ehr.next_base = other.base
        chart = _read(ehr)
        assert (chart.observations, other.asked) == ((), [])
    assert chart.trouble
    assert chart.trouble.trouble is Trouble.OTHER_HOST
    ehr.next_base, ehr.page = "", 0
    chart = _read(ehr)
    assert chart.trouble
    assert chart.trouble.trouble is Trouble.TOO_MANY_PAGES


def test_redirects_are_not_followed(ehr: Ehr) -> None:
    with serving() as other:
        target = {"Location": f"{other.base}/Patient/{PATIENT}"}
        ehr.answers = {f"/Patient/{PATIENT}": (302, target, b"")}
        with _stops(Trouble.BAD_ANSWER, "HTTP 302"):
            _read(ehr)
        ehr.answers = {"/auth/token": (307, target, b"")}
        with _stops(Trouble.CODE_REFUSED, "HTTP 307"):
            _read(ehr)
        ehr.answers = {f"/{PATH}": (302, target, b"")}
        with _stops(Trouble.BAD_ANSWER, "HTTP 302"):
            _read(ehr)
        assert other.asked == []


def test_a_netrc_file_does_not_replace_the_token(
    ehr: Ehr, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setitem(os.environ, "NETRC", str(netrc))
    assert _read(ehr).patient["id"] == PATIENT
    configuration = next(one for one in ehr.asked if one.path == f"/{PATH}")
    assert "Authorization" not in configuration.headers


@pytest.mark.parametrize(
    ("body", "trouble", "detail"),
    [
        (b"<html>", Trouble.BAD_ANSWER, "not JSON"),
        (b"[]", Trouble.BAD_ANSWER, "no object"),
        (b'{"a": NaN}', Trouble.BAD_ANSWER, "not JSON"),
        (b'{"a": 1, "a": 2}', Trouble.BAD_ANSWER, "not JSON"),
        (rb'{"a": "\ud800"}', Trouble.BAD_ANSWER, "not JSON"),
        (b"[" * 100_000, Trouble.BAD_ANSWER, "not JSON"),
        (b" " * (fetching.LARGEST + 1), Trouble.TOO_LARGE, ""),
        (b'{"resourceType": "Patient", "id": "pat-2"}', Trouble.BAD_ANSWER, "another patient"),
    ],
)
def test_an_answer_that_can_not_be_used(
    ehr: Ehr, body: bytes, trouble: Trouble, detail: str
) -> None:
    ehr.answers = {f"/Patient/{PATIENT}": (200, {}, body)}
    with _stops(trouble, detail):
        _read(ehr)


def test_a_server_that_hangs_or_trickles_is_given_up(
    ehr: Ehr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_PIECE", 0.2)
    ehr.hanging = {f"/{PATH}"}
    with _stops(Trouble.UNREACHABLE, "ReadTimeout"):
        discovered(ehr.base, Fetcher())
    ehr.hanging, ehr.trickling = set(), {f"/{PATH}"}
    with _stops(Trouble.UNREACHABLE, "timeout"):
        discovered(ehr.base, Fetcher(seconds=0.5))
    with _stops(Trouble.UNREACHABLE, "ConnectionError"):
        # Nobody listens on the port of TCP's discard service.
        discovered("http://127.0.0.1:9/fhir", Fetcher())


@pytest.mark.parametrize(
    ("configuration", "trouble", "detail"),
    [
        ({"code_challenge_methods_supported": ["plain"]}, Trouble.NO_PKCE, ""),
        ({"code_challenge_methods_supported": None}, Trouble.NO_PKCE, ""),
        ({"token_endpoint": None}, Trouble.BAD_ANSWER, "no token_endpoint"),
        ({"token_endpoint": "http://ehr.example/token"}, Trouble.UNSAFE_ADDRESS, "token_endpoint"),
        ({"token_endpoint": "http://[/"}, Trouble.UNSAFE_ADDRESS, "token_endpoint"),
        ({"token_endpoint": "javascript:x"}, Trouble.UNSAFE_ADDRESS, "token_endpoint"),
    ],
)
def test_a_configuration_that_can_not_be_used(
    ehr: Ehr, configuration: dict[str, Any], trouble: Trouble, detail: str
) -> None:
    ehr.configuration = configuration
    with _stops(trouble, detail):
        discovered(ehr.base, Fetcher())
