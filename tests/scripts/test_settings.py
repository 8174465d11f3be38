"""The settings: all from the environment, all in ``.env.example``, none silently missing."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from rbpsite import environment
from rbpsite.computer import named_time_zones
from rbpsite.data_folder import private_database_url, socket_folder
from tests.scripts.conftest import CHECKOUT, Private

KEY = "made-up-key-of-the-tests-" * 3
PRODUCTION = {
    "RBP_MODE": "production",
    "RBP_SECRET_KEY": KEY,
    "RBP_ALLOWED_HOSTS": "rbp.hospital.example",
    "DATABASE_URL": "postgresql://rbp:pass%40word@db.hospital.example:5432/rbp?sslmode=require",
}
SHOW = """
from rbpsite import settings
for name in sorted(dir(settings)):
    # Every key is different, and names of languages wait for Django to translate them.
    if name.isupper() and name not in {"SECRET_KEY", "LANGUAGES"}:
        print(name, repr(getattr(settings, name)))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The settings in a folder of their own, without this computer's .env."""
    shutil.copytree(CHECKOUT / "rbpsite", tmp_path / "checkout" / "rbpsite")
    shutil.copy(CHECKOUT / "manage.py", tmp_path / "checkout")
    return tmp_path / "checkout"


def listed() -> list[str]:
    """The names in .env.example."""
    return re.findall(r"^(\w+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE)


def settings_with(
    checkout: Path, program: str = SHOW, arguments: Sequence[str] = (), **environment: str
) -> str:
    """What a program prints that loads the settings in this environment; errors with it."""
    base = Private(checkout / "data").environment(PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=checkout,
        env=base | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


@pytest.mark.parametrize(
    ("setting", "tz", "link", "file", "zones"),
    [
        (SHANGHAI, BERLIN, BERLIN, "Etc/UTC\n", [SHANGHAI, BERLIN, BERLIN, "Etc/UTC"]),
        ("", SHANGHAI, BERLIN, "Etc/UTC\n", [SHANGHAI, BERLIN, "Etc/UTC"]),
        ("", f":{SHANGHAI}", None, None, [SHANGHAI]),
        # A rule, or a path, names no zone.
        ("", "CST-8", SHANGHAI, "Etc/UTC\n", [SHANGHAI, "Etc/UTC"]),
        ("", "/etc/localtime", SHANGHAI, None, [SHANGHAI]),
        ("", "", None, f"{BERLIN}\n", [BERLIN]),
        ("", "", None, "", []),
        ("", "", None, None, []),
    ],
)
def test_the_time_zone_by_what_names_it(
    tmp_path: Path, setting: str, tz: str, link: str | None, file: str | None, zones: list[str]
) -> None:
    if link is not None:
        (tmp_path / "localtime").symlink_to(f"/usr/share/zoneinfo/{link}")
    if file is not None:
        (tmp_path / "timezone").write_text(file)
    assert list(named_time_zones(setting, {"TZ": tz}, tmp_path).values()) == zones


@pytest.mark.parametrize(
    ("places", "host", "port"),
    [
        ("a:5433,b:5434", "a,b", "5433,5434"),
        # A port is that of its own server: the other one has PostgreSQL's.
        ("a:5433,b", "a,b", "5433,"),
        ("a,b:5434", "a,b", ",5434"),
        ("[::1]:5433,[::2]:5434", "::1,::2", "5433,5434"),
    ],
)
def test_a_database_on_several_servers(places: str, host: str, port: str) -> None:
    found = environment.database("DATABASE_URL", f"postgresql://rbp:pass%40word@{places}/rbp")
    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "rbp",
        "USER": "rbp",
        "PASSWORD": "pass@word",
        "HOST": host,
        "PORT": port,
        "OPTIONS": {"target_session_attrs": "read-write"},
    }
    primary = environment.database("X", f"postgresql://{places}/rbp?target_session_attrs=primary")
    assert primary["OPTIONS"] == {"target_session_attrs": "primary"}


def test_a_database_on_one_server() -> None:
    found = environment.database("DATABASE_URL", "postgresql:///rbp?host=/run/rbp&user=rbp_site")
    assert (found["HOST"], found["USER"], found["OPTIONS"]) == ("/run/rbp", "rbp_site", {})


def test_env_example_lists_every_setting_and_no_other() -> None:
    sources = [*(CHECKOUT / "rbpsite").glob("*.py"), *(CHECKOUT / "script").rglob("*.py")]
    read = {
        name
        for source in sources
        for name in re.findall(
            r'"(RBP_[A-Z0-9_]+|DATABASE_(?:OWNER_|STANDBY_)?URL)"', source.read_text()
        )
    }
    assert sorted(read) == sorted(listed())


def test_env_example_changes_nothing_as_it_stands(checkout: Path) -> None:
    without = settings_with(checkout)
    assert "STATIC_ROOT" in without
    shutil.copy(CHECKOUT / ".env.example", checkout / ".env")
    assert settings_with(checkout) == without


def test_env_file_may_name_the_data_folder(checkout: Path) -> None:
    (checkout / ".env").write_text(f"RBP_DATA_DIR={checkout / 'elsewhere'}\n")
    program = f"import os\ndel os.environ['RBP_DATA_DIR']\n{SHOW}"
    assert f"DATA_DIR PosixPath('{checkout / 'elsewhere'}')" in settings_with(checkout, program)


@pytest.mark.parametrize("missing", ["RBP_SECRET_KEY", "RBP_ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_says_which_setting_is_missing(checkout: Path, missing: str) -> None:
    shown = settings_with(checkout, **(PRODUCTION | {missing: ""}))
    assert f"ImproperlyConfigured: {missing} is not set. In production mode set it" in shown


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "prepare"],
        ["manage.py", "doctor"],
        ["-m", "gunicorn", "--config", "python:rbpsite.serving", "rbpsite.wsgi"],
    ],
)
def test_a_missing_setting_ends_in_its_sentence(checkout: Path, command: list[str]) -> None:
    environment = Private(checkout / "data").environment(**(PRODUCTION | {"RBP_SECRET_KEY": ""}))
    done = subprocess.run(
        [sys.executable, *command],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.strip().removeprefix("Error: ").startswith("RBP_SECRET_KEY is not set. ")


def test_what_the_sentence_says_works_in_the_file(checkout: Path) -> None:
    """Each line it asks for, until nothing is missing; the file is .env.example to begin with."""
    file = checkout / ".env"
    text = (CHECKOUT / ".env.example").read_text().replace("RBP_MODE=local", "RBP_MODE=production")
    for name in ("RBP_SECRET_KEY", "RBP_ALLOWED_HOSTS", "DATABASE_URL"):
        file.write_text(text)
        shown = settings_with(checkout)
        assert f"ImproperlyConfigured: {name} is not set." in shown
        if command := re.search(r"which this command prints: (.+)$", shown, re.MULTILINE):
            line = subprocess.check_output(["bash", "-c", command[1]], text=True).strip()
        else:
            *_, line = re.findall(r"for example (.+)$", shown, re.MULTILINE)
        text = text.replace(f"\n{name}=\n", f"\n{line}\n")
    file.write_text(text)
    assert "ALLOWED_HOSTS ['rbp.hospital.example']" in settings_with(checkout)


def test_production_takes_its_settings(checkout: Path) -> None:
    shown = settings_with(checkout, **PRODUCTION)
    assert "ALLOWED_HOSTS ['rbp.hospital.example']" in shown
    assert "'HOST': 'db.hospital.example'" in shown
    assert "'PASSWORD': 'pass@word'" in shown
    assert "'sslmode': 'require'}" in shown
    assert "SESSION_COOKIE_SECURE True" in shown


def test_an_empty_setting_counts_as_not_set(checkout: Path) -> None:
    without = settings_with(checkout)
    (checkout / ".env").write_text("".join(f"{name}=\n" for name in listed()))
    assert settings_with(checkout) == without


def test_a_file_of_settings_that_is_no_text_is_said_so(checkout: Path) -> None:
    (checkout / ".env").write_bytes("RBP_WARD_NAME=Süd\n".encode("latin-1"))
    assert ".env is not a text file in UTF-8. Save it as one." in settings_with(checkout)


def test_a_line_that_sets_nothing_is_said_and_not_quoted(checkout: Path) -> None:
    (checkout / ".env").write_text("# first\n\nexport RBP_WARD_NAME=A\nRBP_SECRET_KEY: hush\n")
    shown = settings_with(checkout)
    assert ".env is no setting. Write NAME=value, or # before a comment." in shown
    assert "ImproperlyConfigured: Line 4 of " in shown
    assert "hush" not in shown


def test_a_file_of_settings_that_cannot_be_read_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").touch()
    # Root may read every file.
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(ImproperlyConfigured, match="no file that this account can read"):
        environment.read_env_file(tmp_path)


def test_one_server_in_front_is_trusted_in_production_and_none_on_a_ward(checkout: Path) -> None:
    assert "TRUSTED_PROXIES 0" in settings_with(checkout)
    assert "TRUSTED_PROXIES 1" in settings_with(checkout, **PRODUCTION)


def test_the_socket_lies_in_the_data_folder_unless_its_path_is_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 14 bytes for "/.s.PGSQL.5432", 4 for "/run", 107 in all.
    longest = "/" + "d" * 88
    monkeypatch.setenv("RBP_DATA_DIR", longest)
    assert socket_folder() == Path(longest) / "run"
    monkeypatch.setenv("RBP_DATA_DIR", longest + "d")
    assert socket_folder().name.startswith("rbp-risk-")
    first = socket_folder()
    monkeypatch.setenv("RBP_DATA_DIR", longest + "e")
    assert socket_folder() != first


def test_a_comma_in_the_path_is_no_list_of_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RBP_DATA_DIR", "/srv/a,b")
    assert "," not in str(socket_folder())


def test_the_address_of_the_private_database_is_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RBP_DATA_DIR", "/srv/a b&c")
    assert private_database_url() == "postgresql:///rbp?host=/srv/a%20b%26c/run&user=rbp_site"
