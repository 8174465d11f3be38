"""What all tests share."""

import fcntl
import gc
import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.signals import connection_created
from django.template.base import Template
from django.test import TransactionTestCase, utils
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from scoring.entry import windows
from tests.database_roles import SITE, act_as_site, without_triggers

_HERE = Path(__file__).parent
# Their tests start a browser, or the site's own processes.
_SLOW_FOLDERS = [_HERE / name for name in ("upgrade", "scripts", "faults", "browser")]
_MIDDLING_FOLDERS = [_HERE / name for name in ("web", "life")]

# Tests of what the site does; they have the rights of its role in the database.
_FOLDERS_OF_THE_SITE = [
    _HERE / name
    for name in (
        *("actions", "api", "fhir", "history", "laboratory", "life", "model_card"),
        *("need_to_know", "patient_copy"),
        *("recalibration", "validation", "web"),
    )
]

# What the migrations put in place, and no test changes.
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}

# The database that the workers of a run copy.
_MIGRATED = "test_rbp_migrated"

# Made-up cases take what a busy machine takes: no time decides a test.
settings.register_profile("site", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("site")

# As it is before Django's preparations for tests, and afterwards.
_RENDER = vars(Template)["_render"]
_RENDER_AND_TELL = vars(utils)["instrumented_test_render"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the slow folders, and those whose fixtures ask for the database."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "transactional_db" in fixtures:
            item.add_marker(pytest.mark.django_db(transaction=True))
        elif "db" in fixtures:
            item.add_marker(pytest.mark.django_db)
        if any(item.path.is_relative_to(folder) for folder in _SLOW_FOLDERS):
            item.add_marker(pytest.mark.slow)
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Files that take long come first: at the end no worker is left alone with one of them."""
    for place, folder in enumerate((*_SLOW_FOLDERS, *_MIDDLING_FOLDERS)):
        if item.path.is_relative_to(folder):
            return place
    return len(_SLOW_FOLDERS) + len(_MIDDLING_FOLDERS)


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays to the end: modules, collected tests.

    It looked at them again and again, for about one twenty-fifth of the time of tests of pages.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _quiet_weasyprint(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning of WeasyPrint fails the test: it stands for a glyph or a rule left out."""
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    warnings = [
        record.getMessage()
        for record in records
        if record.name.split(".")[0] == "weasyprint" and record.levelno >= logging.WARNING
    ]
    if warnings:
        pytest.fail("WeasyPrint warned:\n" + "\n".join(warnings))


@pytest.fixture(scope="session", autouse=True)
def _templates_as_served(django_test_environment: None) -> Iterator[None]:
    """Render pages as the site does.

    Django lets tests see the context of each template, also of each part of a page; the copies
    took one eighth of the processor time of pages.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _RENDER)
        yield


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that look into ``response.context``."""
    monkeypatch.setattr(Template, "_render", _RENDER_AND_TELL)


@pytest.fixture(autouse=True)
def _time_zone_and_language_of_the_settings() -> Iterator[None]:
    """A page leaves the time zone of its ward and its language to the thread, no further."""
    yield
    timezone.deactivate()
    translation.deactivate()


@pytest.fixture(autouse=True)
def _patients_of_all_wards() -> Iterator[None]:
    """A page leaves its limit to the thread, too: not to the next test."""
    yield
    # Only now: models can't be loaded before Django is set up.
    from scoring import queries

    queries.limit_to(None)


@pytest.fixture(autouse=True)
def _operations_of_any_year(request: pytest.FixtureRequest) -> Iterator[None]:
    """The cast was operated on years ago: only tests of that window let the site ask about it."""
    with pytest.MonkeyPatch.context() as patch:
        if "plausible_operations" not in request.fixturenames:
            patch.setattr(windows, "OPERATION", windows.Window(-36_500, 36_500))
        yield


@pytest.fixture
def plausible_operations() -> None:
    """The window around the entry as the site has it."""


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied() -> Iterator[None]:
    """Let a test with real transactions empty the tables at its end: triggers guard them else.

    Only those with rows, row by row: Django's way makes every table and index anew, which takes
    many times as long. The roles that the migration made are emptied with them, and made again.
    """

    def empty(case: TransactionTestCase) -> None:
        # Only now: models can't be loaded before Django is set up.
        from scoring.actions.users_outside import audited_by_action

        with without_triggers(), connection.cursor() as cursor:
            tables = set(connection.introspection.django_table_names(only_existing=True))
            asked = [
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})"  # noqa: S608
                for name in tables - _KEPT
            ]
            cursor.execute(" UNION ALL ".join(asked))
            for (name,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608
        # As the migration does it: without a line in the access log.
        for name, make in (
            ("_version_0_1.roles", "make_roles"),
            ("0024_ward_settings", "give_right"),
            ("0041_need_to_know", "give_right"),
        ):
            migration = import_module(f"scoring.migrations.{name}")
            audited_by_action(getattr(migration, make))(apps, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(autouse=True)
def _as_the_site(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the tests of what the site does run with its rights, so that a missing one shows.

    What needs more is done in ``as_owner``, or the test is marked with that name.
    """
    node = request.node
    if (
        not any(node.path.is_relative_to(folder) for folder in _FOLDERS_OF_THE_SITE)
        or node.get_closest_marker("django_db") is None
        or node.get_closest_marker("as_owner")
    ):
        yield
        return
    act_as_site()
    yield
    # A test's transaction takes it back itself.
    if connection.connection is not None and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def _as_the_site_in_threads(**_kwargs: object) -> None:
    """What other threads do is done by pages, those of the live server of the browser above all."""
    if threading.current_thread() is not threading.main_thread():
        act_as_site()


@pytest.fixture(scope="session")
def reachable_folder() -> Iterator[Path]:
    """A folder that other accounts may pass through; pytest's own are closed to them."""
    # Longer folders, as TMPDIR may name one, leave no room for the name of a socket.
    with tempfile.TemporaryDirectory(prefix="rbp-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Let each worker copy one database: the first of them migrates it, which takes long."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    own, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    shared = tmp_path_factory.getbasetemp().parent / "migrated"
    with shared.open("a") as made, django_db_blocker.unblock():
        fcntl.flock(made, fcntl.LOCK_EX)
        if not shared.read_text():
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(test, "NAME", _MIGRATED)
                connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            # Closes it as well: nobody may look at what is copied.
            connection.creation.destroy_test_db(own, verbosity=0, keepdb=True)
            made.write("yes")
    test["TEMPLATE"] = _MIGRATED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; sessions that threads of a live server left open end before it goes."""
    # Only now: models can't be loaded before Django is set up.
    from scoring.management import owner

    with django_db_blocker.unblock():
        owner.grant(SITE)
    connection_created.connect(_as_the_site_in_threads)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
