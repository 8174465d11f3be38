"""The file of FHIR servers: what it gives, and the sentence for each thing that is wrong in it."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from rbpsite.smart_settings import smart_servers
from tests.smart.keys import private_key

ONE = """
[[server]]
name = "St Example EHR"
issuer = "https://ehr.example/fhir/"
client_id = "rbp-risk"
"""


def _file(folder: Path, content: str, name: str = "smart.toml") -> str:
    path = folder / name
    path.write_text(content)
    path.chmod(0o640)
    return str(path)


def test_servers_with_each_kind_of_credentials(tmp_path: Path) -> None:
    assert smart_servers("") == []
    secret = _file(tmp_path, "kept secret\n", "secret")
    key = _file(tmp_path, private_key("ES384"), "key")
    content = ONE + "".join(
        f"""
[[server]]
name = "{name}"
issuer = "http://127.0.0.1:{port}"
client_id = "rbp"
credentials = "{path}"
number_system = "urn:example:mrn"
"""
        for name, port, path in (("A", 8001, secret), ("B", 8002, key))
    )
    public, confidential, signing = smart_servers(_file(tmp_path, content))
    assert (public.issuer, public.secret, public.key) == ("https://ehr.example/fhir", "", None)
    assert (confidential.secret, confidential.key) == ("kept secret", None)
    assert signing.key
    assert (signing.key.algorithm, signing.number_system) == ("ES384", "urn:example:mrn")
    assert "kept secret" not in repr(confidential)
    assert "_key" not in repr(signing.key)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("server = 1", "which must hold tables [[server]] and nothing else."),
        ("", "which must hold tables [[server]] and nothing else."),
        (ONE + "[more]", "which must hold tables [[server]] and nothing else."),
        ("[[server", "which is not TOML: "),
        ("server = [1]", "where server 1 is no table."),
        (ONE + 'secret = "x"', 'where server 1 has "secret"; there are client_id, credentials, '),
        (ONE.replace('client_id = "rbp-risk"', ""), 'where server 1 lacks "client_id".'),
        (ONE.replace('"rbp-risk"', "7"), 'has no text for "client_id". Write one in quotes.'),
        (ONE.replace('"rbp-risk"', '" "'), 'has no text for "client_id". Write one in quotes.'),
        (ONE.replace("https", "http"), "Without TLS only this computer is allowed."),
        (ONE.replace("/fhir/", "/fhir?a=b"), "set it to a FHIR base address such as https://"),
        (ONE + ONE, "which has two servers with the same name."),
        (ONE + ONE.replace("St Ex", "Ex"), "which has two servers with the same issuer."),
        (ONE + 'credentials = "key"', "which must be a whole path, which begins with /."),
        (ONE + 'credentials = "/nowhere"', "which is no text that this account can read."),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, content: str, said: str) -> None:
    path = _file(tmp_path, content)
    with pytest.raises(ImproperlyConfigured) as refused:
        smart_servers(path)
    assert str(refused.value).startswith(f"RBP_SMART_SERVERS names {path}, wh")
    assert said in str(refused.value)


def test_credentials_that_can_not_be_used(tmp_path: Path) -> None:
    for content, mode, said in (
        ("", 0o600, "which is empty."),
        ("secret", 0o644, "which everybody can read. Run chmod 640 "),
        (private_key("ES256"), 0o600, "of RSA or P-384."),
        (
            private_key("short"),
            0o600,
            "an RSA key must have 2048 bits or more.",
        ),
    ):
        key = Path(_file(tmp_path, content, "key"))
        key.chmod(mode)
        with pytest.raises(ImproperlyConfigured) as refused:
            smart_servers(_file(tmp_path, f'{ONE}credentials = "{key}"'))
        assert said in str(refused.value)
        assert "secret" not in str(refused.value)
