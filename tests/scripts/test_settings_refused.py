"""Values that settings can't have: each is refused with a sentence that names the setting."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from rbpsite.deployment import check_deployment
from tests.scripts.conftest import CHECKOUT
from tests.scripts.test_settings import KEY, PRODUCTION, listed, settings_with
from tests.scripts.test_settings import checkout as checkout

# Each with a value that is refused, and how the sentence goes on after the name.
_PLACE = "an address such as https://"
WRONG = [
    ("RBP_MODE", "prod", 'is "prod"; set it to "local" or "production".'),
    ("RBP_ALLOWED_HOSTS", "*", 'is "*"; set it to host names such as rbp.hospital.example, sep'),
    ("RBP_ALLOWED_HOSTS", "https://a.example", "; set it to host names such as rbp.hospital.exam"),
    ("DATABASE_URL", "mysql://a:b@c/d", "is no address of a PostgreSQL database"),
    ("DATABASE_URL", "sqlite:///rbp.db", "is no address of a PostgreSQL database"),
    ("DATABASE_URL", "postgresql://rbp:a/b@c/d", "is no address of a PostgreSQL database"),
    ("DATABASE_URL", "postgresql://a:5432,b:x/rbp", "is no address of a PostgreSQL database"),
    ("DATABASE_URL", "postgresql://a/rbp?sslmod=require", "is no address of a PostgreSQL database"),
    ("DATABASE_OWNER_URL", "mysql://a:b@c/d", "is no address of a PostgreSQL database"),
    ("DATABASE_STANDBY_URL", "mysql://a:b@c/d", "is no address of a PostgreSQL database"),
    ("RBP_STANDBY_LAG_SECONDS", "1 min", "a number from 0 to 86400."),
    ("RBP_DATABASE_ROLE", "admin", 'is "admin"; set it to "site" or "owner".'),
    ("RBP_DB_CONN_MAX_AGE_SECONDS", "-1", "a number from 0 to 86400."),
    ("RBP_DB_CONNECT_SECONDS", "0", "a number from 1 to 600."),
    ("RBP_DB_STATEMENT_SECONDS", "30 s", "a number from 1 to 86400."),
    ("RBP_DB_LOCK_SECONDS", "-10", "a number from 1 to 86400."),
    ("RBP_DB_IDLE_SECONDS", "1e3", "a number from 1 to 86400."),
    ("RBP_DB_LONG_SECONDS", "0", "a number from 1 to 86400."),
    ("RBP_DB_BUSY_SECONDS", "0", "a number from 1 to 86400."),
    ("RBP_API_REQUESTS_A_MINUTE", "0", "a number from 1 to 1000000."),
    ("RBP_TABLE_MB", "0", "a number from 1 to 200."),
    ("RBP_PDF_SECONDS", "abc", 'is "abc"; set it to a number from 1 to 3600.'),
    ("RBP_BIND", "8000", 'is "8000"; set it to an address and a port such as 127.0.0.1:8000.'),
    ("RBP_BIND", "127.0.0.1:70000", "an address and a port such as 127.0.0.1:8000."),
    ("RBP_WORKERS", "abc", 'is "abc"; set it to a number from 1 to 64.'),
    ("RBP_WORKERS", "-1", "a number from 1 to 64."),
    ("RBP_THREADS", "0", "a number from 3 to 64."),
    ("RBP_THREADS", "²", 'is "²"; set it to a number from 3 to 64.'),
    ("RBP_MIN_FREE_MB", "1.5", "a number from 1 to 1000000."),
    ("RBP_BACKUP_DIR", "backups", "the whole path of a folder, which begins with /."),
    ("RBP_DATA_DIR", "../data", "the whole path of a folder, which begins with /."),
    ("RBP_STATIC_DIR", "static", "the whole path of a folder, which begins with /."),
    ("RBP_TRUSTED_ORIGINS", "rbp.hospital.example", "addresses such as https://rbp.hospital.ex"),
    ("RBP_HSTS_SECONDS", "a year", "a number from 0 to 63072000."),
    ("RBP_PUBLIC_URL", "rbp.example", f'is "rbp.example"; set it to {_PLACE}rbp.hospital.example.'),
    (
        "RBP_CDS_CLIENTS",
        "/nowhere/clients.json",
        "set it to a JSON file of clients as docs/integrat",
    ),
    ("RBP_CDS_ORIGINS", "*", 'is "*"; set it to addresses such as https://ehr.hospital.example'),
    ("RBP_CDS_ORIGINS", "https://a.example/x", "without a path, separated by commas."),
    ("RBP_TRUSTED_PROXIES", "-1", 'is "-1"; set it to a number from 0 to 9.'),
    ("RBP_TEMPORARY_PASSWORD_HOURS", "0", "a number from 1 to 720."),
    ("RBP_LOCKOUT_FAILURES", "0", 'is "0"; set it to a number from 3 to 100.'),
    ("RBP_LOCKOUT_MINUTES", "ten", 'is "ten"; set it to a number from 1 to 1440.'),
    ("RBP_SECOND_FACTOR_ROLES", "Reviewer,Admin", 'names the role "Admin"; there are Clin'),
    ("RBP_OIDC_CLIENT_ID", "rbp", "is set, so RBP_OIDC_CLIENT_SECRET is needed, too."),
    ("RBP_OIDC_ISSUER", "id.example", f"{_PLACE}id.hospital.example."),
    ("RBP_OIDC_AUTHORIZATION_URL", "/authorize", f"{_PLACE}id.hospital.example/authorize."),
    ("RBP_OIDC_TOKEN_URL", "ftp://id.example", f"{_PLACE}id.hospital.example/token."),
    ("RBP_OIDC_USERINFO_URL", "https://", f"{_PLACE}id.hospital.example/userinfo."),
    ("RBP_OIDC_JWKS_URL", "jwks", f"{_PLACE}id.hospital.example/jwks."),
    ("RBP_OIDC_SIGN_ALGORITHM", "HS256", 'is "HS256"; set it to "RS256", "RS384", "RS512", '),
    ("RBP_OIDC_SCOPES", "profile", 'words with spaces between them, among them "openid".'),
    ("RBP_OIDC_PROMPT", "consent", 'is "consent"; set it to "login" or "none".'),
    ("RBP_OIDC_CREATE_USERS", "maybe", 'is "maybe"; set it to "true" or "false".'),
    ("RBP_OIDC_ROLES_CLAIM", "groups", "is set, so RBP_OIDC_ROLES_MAP is needed, too."),
    ("RBP_OIDC_ROLES_MAP", "ward=Nurse", 'names the role "Nurse"'),
    ("RBP_OIDC_TRUST_SECOND_FACTOR", "2", 'is "2"; set it to "true" or "false".'),
    ("RBP_SMART_SERVERS", "smart.toml", "the whole path of a file, which begins with /."),
    ("RBP_SMART_SERVERS", "/nowhere/smart.toml", "is no text that this account can read."),
    ("RBP_TIME_ZONE", "Mars/Olympus", 'is "Mars/Olympus"; set it to a time zone such as Asia/Sh'),
    ("RBP_TIME_ZONE", "../passwd", 'is "../passwd"; set it to a time zone such as Asia'),
    ("RBP_LANGUAGE", "zh", 'is "zh"; set it to "en" or "zh-hans".'),
    ("RBP_IDLE_MINUTES", "1", "a number from 2 to 1440."),
    ("RBP_IDLE_MINUTES", "1440", "must be 2 or more, and not longer than RBP_SESSION_HOURS."),
    ("RBP_SESSION_HOURS", "0", "a number from 1 to 168."),
    ("RBP_LOG_LEVEL", "LOUD", 'is "LOUD"; set it to "INFO", "DEBUG", "WARNING" or "ERROR".'),
    ("RBP_LOG_FORMAT", "xml", 'is "xml"; set it to "line" or "json".'),
    ("RBP_AUDIT_SHIP", "/var/log/x", "jsonl:/path/of/file, syslog:/dev/log or syslog:udp://log"),
    ("RBP_HL7_LISTEN", "2575", "an address and a port such as 127.0.0.1:2575."),
    ("RBP_HL7_SENDERS", "lis.example", 'is "lis.example"; set it to addresses such as 192.0.2.10'),
    ("RBP_HL7_SENDERS", "192.0.2.1/24", 'is "192.0.2.1/24"; set it to addresses such as'),
    ("RBP_HL7_CODES", "mpv:3", "set it to pairs such as pdw:2028,chloride:0112, separated by com"),
    ("RBP_HL7_CONNECTIONS", "0", "a number from 1 to 256."),
    ("RBP_HL7_IDLE_SECONDS", "0", "a number from 1 to 86400."),
    ("RBP_HL7_MAX_KB", "1", "a number from 16 to 16384."),
    ("RBP_DEBUG", "perhaps", 'is "perhaps"; set it to "true" or "false".'),
]
# Any text will do; what is wrong with RBP_SECRET_KEY matters in production alone, below.
FREE_TEXT = {
    "RBP_SECRET_KEY",
    "RBP_OIDC_CLIENT_SECRET",
    "RBP_OIDC_NAME",
    "RBP_OIDC_USERNAME_CLAIM",
    "RBP_OIDC_DISPLAY_NAME_CLAIM",
    "RBP_WARD_NAME",
    "RBP_HL7_PATIENT_AUTHORITY",
    "RBP_HL7_PATIENT_ID_TYPE",
}
REFUSED_IN_PRODUCTION = [
    ("RBP_DEBUG", "true", "must not be set in production mode: remove it."),
    ("RBP_SECRET_KEY", "s", "can be guessed. Make a new one as .env.example says."),
    ("RBP_SECRET_KEY", "kj" * 30, "can be guessed."),
    ("RBP_SECRET_KEY", "django-insecure-" + KEY, "can be guessed."),
    ("RBP_ALLOWED_HOSTS", "*", 'is "*"; set it to host names'),
    ("DATABASE_URL", "sqlite:///rbp.db", "is no address of a PostgreSQL database"),
    ("DATABASE_URL", "postgresql://rbp@db.example/rbp", "names another computer. Add ?sslmode="),
    ("DATABASE_URL", "postgresql://rbp@db.example/rbp?sslmode=prefer", "names another computer."),
    ("DATABASE_URL", "postgresql:///rbp?host=db.example", "names another computer. Add ?sslmode="),
    ("DATABASE_URL", "postgresql://127.0.0.1,db.example/rbp", "names another computer."),
    ("DATABASE_STANDBY_URL", "postgresql://rbp@db.example/rbp", "names another computer."),
    ("RBP_HSTS_SECONDS", "0", "is 0: browsers may ask without TLS. Remove it."),
    ("RBP_PUBLIC_URL", "http://rbp.example", "names an address without TLS. Begin it with https"),
    ("RBP_TRUSTED_ORIGINS", "https://a.example,http://b.example", "names an address without TLS."),
    ("RBP_OIDC_TOKEN_URL", "http://id.example/token", "names an address without TLS."),
]
# In one process: to start one for each takes long.
REFUSE = """
import json, os, sys
from django.core.exceptions import ImproperlyConfigured
for settings in json.loads(sys.argv[1]):
    kept = dict(os.environ)
    os.environ.update(settings)
    for name in (
        "rbpsite.settings",
        "rbpsite.sign_in_settings",
        "rbpsite.browser_settings",
        "rbpsite.cds_settings",
        "rbpsite.laboratory_settings",
        "rbpsite.smart_settings",
    ):
        sys.modules.pop(name, None)
    try:
        import rbpsite.settings
    except ImproperlyConfigured as reason:
        print(json.dumps(str(reason)))
    else:
        print(json.dumps("taken"))
    os.environ.clear()
    os.environ.update(kept)
"""


def sentences(checkout: Path, *settings: dict[str, str]) -> list[str]:
    """The sentence with which each of these environments is refused, or "taken"."""
    shown = settings_with(checkout, REFUSE, arguments=[json.dumps(settings)])
    return [json.loads(line) for line in shown.splitlines()]


def test_each_setting_has_a_wrong_value_or_is_free_text() -> None:
    assert sorted({name for name, _, _ in WRONG} | FREE_TEXT) == sorted(listed())
    assert {name for name, _, _ in WRONG}.isdisjoint(FREE_TEXT)


def test_a_setting_that_makes_no_sense_is_said_so(checkout: Path) -> None:
    # The owner's address counts for the owner alone.
    owner = {"RBP_DATABASE_ROLE": "owner"}
    refused = sentences(checkout, *(owner | {name: value} for name, value, _ in WRONG))
    for (name, value, said), sentence in zip(WRONG, refused, strict=True):
        assert sentence.startswith(f"{name} "), (name, value, sentence)
        assert said in sentence, (name, value, sentence)


def test_production_is_not_started_with_a_weak_setting(checkout: Path) -> None:
    weak = [PRODUCTION | {name: value} for name, value, _ in REFUSED_IN_PRODUCTION]
    for (name, value, said), sentence in zip(
        REFUSED_IN_PRODUCTION, sentences(checkout, *weak), strict=True
    ):
        assert sentence.startswith(f"{name} {said}"), (name, value, sentence)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///rbp?host=/run/postgresql&user=rbp",
        "postgresql://rbp@127.0.0.1/rbp",
        "postgresql://rbp@[::1]/rbp",
        "postgresql://rbp@db.example/rbp?sslmode=verify-full",
    ],
)
def test_production_takes_a_database_here_or_one_with_tls(checkout: Path, url: str) -> None:
    assert sentences(checkout, PRODUCTION | {"DATABASE_URL": url}) == ["taken"]


@pytest.fixture
def of_a_server(settings: Settings) -> Settings:
    """Settings in which Django's check before a deployment finds nothing of ours."""
    settings.SECRET_KEY = KEY
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 99
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    assert check_deployment() == []
    return settings


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DEBUG": True}, "RBP_DEBUG must not be set"),
        ({"SECRET_KEY": "s"}, "RBP_SECRET_KEY can be guessed."),
        ({"ALLOWED_HOSTS": ["a.example", "*"]}, "RBP_ALLOWED_HOSTS takes any name."),
        ({"SECURE_PROXY_SSL_HEADER": None}, "The site does not insist on TLS."),
        ({"SECURE_HSTS_SECONDS": 0}, "RBP_HSTS_SECONDS is 0"),
        ({"PUBLIC_URL": "http://a.example"}, "RBP_PUBLIC_URL names an address without TLS."),
    ],
)
def test_the_check_before_deployment_names_what_is_weak(
    of_a_server: Settings, changes: dict[str, Any], said: str
) -> None:
    for name, value in changes.items():
        setattr(of_a_server, name, value)
    with pytest.raises(SystemCheckError, match=re.escape(said)):
        call_command("check", deploy=True, tags=[Tags.security])


@pytest.mark.parametrize(
    ("database", "said"),
    [
        ({"ENGINE": "django.db.backends.sqlite3", "HOST": ""}, "DATABASE_URL is no address of a"),
        ({"HOST": "db.example", "OPTIONS": {}}, "DATABASE_URL names another computer"),
    ],
)
def test_the_check_before_deployment_looks_at_the_database(
    of_a_server: Settings, monkeypatch: pytest.MonkeyPatch, database: dict[str, Any], said: str
) -> None:
    monkeypatch.setitem(
        of_a_server.DATABASES, "default", of_a_server.DATABASES["default"] | database
    )
    with pytest.raises(SystemCheckError, match=said):
        call_command("check", deploy=True, tags=[Tags.security])


def test_the_check_before_deployment_refuses_a_ward_computer(checkout: Path) -> None:
    program = "import runpy, sys; sys.argv = ['manage.py', 'check', '--deploy', '--tag=security']"
    shown = settings_with(CHECKOUT, f"{program}; runpy.run_path('manage.py', run_name='__main__')")
    assert "(rbpsite.E006) The site does not insist on TLS. Set RBP_MODE=production" in shown
