"""What docs/integration.md says of FHIR and CDS Hooks; tests/api runs its commands."""

import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from rbpsite import cds_settings
from scoring.api.fhir_search import MOST_ROWS
from scoring.fhir.capability import SEARCHES
from scoring.fhir.codes import READ_AS, SYSTEM
from scoring.fhir.resource import Resource, read
from scoring.models import Role
from tests.api.test_documented import _examples, _run
from tests.fhir.cds_client import JWKS
from tests.tokens import token_of

_DOCUMENT = (Path(__file__).parents[2] / "docs" / "integration.md").read_text()
_FHIR = _DOCUMENT.partition("\n## FHIR")[2].partition("\n## CDS Hooks")[0]
_CDS_HOOKS = _DOCUMENT.partition("\n## CDS Hooks")[2]


def test_the_tables_name_every_code_and_parameter() -> None:
    for code in READ_AS:
        assert code in _FHIR
    assert SYSTEM in _FHIR
    for name in {name for names in SEARCHES.values() for name in names}:
        assert f"`{name}`" in _FHIR
    assert f"1 to {MOST_ROWS}" in _FHIR


@pytest.mark.django_db
def test_the_example_of_score_is_answered_with_a_risk(settings: Settings) -> None:
    settings.PUBLIC_URL = ""
    (example,) = [one for one in _examples() if "$score" in one]
    _token, text = token_of("EHR", Role.CLINICIAN)
    response = _run(example, {"TOKEN": text, "SITE": ""})
    risk: Resource = read(response.content)
    assert (response.status_code, risk["status"]) == (200, "preliminary")


def test_the_file_of_clients_is_one_once_a_key_stands_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (text,) = re.findall(r"^    \[\{.*?\}\]$", _CDS_HOOKS, re.MULTILINE | re.DOTALL)
    (client,) = json.loads(text)
    assert set(client["jwks"]["keys"][0]) == {"kty", "crv", "kid", "x", "y"}
    client["jwks"]["keys"] = JWKS
    path = tmp_path / "clients.json"
    path.write_text(json.dumps([client]))
    monkeypatch.setenv("RBP_CDS_CLIENTS", str(path))
    known = cds_settings._clients("RBP_CDS_CLIENTS")
    assert list(known) == [client["issuer"]]
    assert set(known[client["issuer"]]["keys"]) == {"rsa-1", "ec-1"}


@pytest.mark.parametrize(
    "change",
    [
        lambda client: client.pop("issuer"),
        lambda client: client.pop("jwks"),
        lambda client: client["jwks"].update(keys=[]),
        lambda client: client["jwks"].update(keys=[JWKS[0], JWKS[0]]),
        lambda client: client["jwks"].update(keys=[{**JWKS[0], "d": "private"}]),
        lambda client: client["jwks"].update(keys=[{"kty": "oct", "k": "c2VjcmV0", "kid": "1"}]),
        lambda client: client.update(issuer=""),
    ],
)
def test_a_file_of_clients_that_is_none(
    change: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = json.loads(json.dumps({"issuer": "https://ehr.example", "jwks": {"keys": JWKS}}))
    change(client)  # type: ignore[operator]
    path = tmp_path / "clients.json"
    path.write_text(json.dumps([client]))
    monkeypatch.setenv("RBP_CDS_CLIENTS", str(path))
    with pytest.raises(ImproperlyConfigured, match="RBP_CDS_CLIENTS"):
        cds_settings._clients("RBP_CDS_CLIENTS")
