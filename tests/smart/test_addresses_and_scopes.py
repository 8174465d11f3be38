"""Which addresses are used, and what granted scopes allow."""

from scoring.smart.addresses import is_safe, is_same_host, resolved
from scoring.smart.scopes import may


def test_what_scopes_allow() -> None:
    for scope in (
        "patient/Observation.rs",
        "patient/Observation.read",
        "user/*.cruds",
        "patient/*.*",
        "patient/Observation.rs?category=laboratory",
    ):
        assert may([scope], "Observation", "s"), scope
    for scope in (
        "patient/Observation.r",
        "patient/Observation.write",
        "patient/Patient.rs",
        "patient/Observation.sr",
        "system/Observation.rs",
        "xpatient/Observation.rs",
    ):
        assert not may([scope], "Observation", "s"), scope


def test_addresses() -> None:
    safe = "https://a.example/fhir http://127.0.0.1:8/x http://[::1]/ http://localhost"
    for address in safe.split():
        assert is_safe(address), address
    unsafe = r"""
        http://a.example ftp://a.example //a.example https://u@a.example https://a.example/#x
        https://a.example/ä https://a.example:x/ https:///a http://127.0.0.1.a.example
        https://a.example\@b.example
    """
    for address in (*unsafe.split(), "https://a.example/a b", "https://a.example/" + "a" * 2000):
        assert not is_safe(address), address
    base = "https://a.example/fhir"
    assert resolved(base, "auth/token") == "https://a.example/fhir/auth/token"
    assert resolved(base, "/token") == "https://a.example/token"
    assert resolved(base, "https://b.example/token") == "https://b.example/token"
    # From TLS, no step back, not even to this computer.
    assert resolved(base, "http://127.0.0.1/token") == ""
    assert is_same_host(base, "https://A.example:443/other")
    for address in ("https://a.example:444/", "https://b.example/", "http://a.example/", ""):
        assert not is_same_host(base, address), address
