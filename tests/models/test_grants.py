"""The rights of the site's role: every table has some, and the database has exactly these."""

from typing import Any, cast

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from pytest_django import Settings

from scoring.management import owner
from scoring.models.grants import RIGHTS, rights_by_table
from tests import cast as people
from tests.database_roles import SITE, act_as_site

NEW = (
    "A table is missing in scoring/models/grants.py. Say there what the site does with it: ADD for "
    "the record and the log, the columns that change and no other for what changes, ALL for what "
    "is no part of the record, READ for the rest."
)


def test_every_model_has_its_rights() -> None:
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert labels <= RIGHTS.keys(), NEW
    assert labels == RIGHTS.keys(), "A model of scoring/models/grants.py is gone: remove it there."


def test_every_column_is_one_of_its_table() -> None:
    for label, rights in RIGHTS.items():
        columns = {field.column for field in cast(Any, apps.get_model(label)._meta).local_fields}
        assert set(rights.update) <= columns | {"*"}, label


@pytest.mark.django_db
def test_the_site_has_these_rights_and_no_others() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        assert tables == rights_by_table().keys(), NEW
        held = owner.rights_held(cursor, SITE)
        assert held == owner.rights_wanted(cursor)
        assert ("scoring_assessment", "INSERT") in held
        assert ("scoring_patient.family_name", "UPDATE") in held
        assert len(held) > 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        f"GRANT DELETE ON scoring_assessment TO {SITE}",
        f"GRANT ALL ON scoring_outcome TO {SITE}",
        f"GRANT UPDATE (vas) ON scoring_outcome TO {SITE}",
        "GRANT UPDATE (vas) ON scoring_outcome TO public",
        "GRANT TRIGGER ON scoring_auditevent TO public",
        "GRANT TEMPORARY ON DATABASE {database} TO public",
        f"GRANT CREATE ON DATABASE {{database}} TO {SITE}",
        "GRANT CREATE ON SCHEMA public TO public",
        f"REVOKE INSERT ON scoring_assessment FROM {SITE}",
        f"REVOKE UPDATE (revision) ON scoring_patient FROM {SITE}",
    ],
)
def test_migrate_gives_what_is_missing_and_takes_what_is_too_much(
    settings: Settings, change: str
) -> None:
    settings.SITE_DATABASE_ROLE = SITE
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(change.replace("{database}", database))
        assert owner.rights_held(cursor, SITE) != owner.rights_wanted(cursor)
        call_command("migrate", verbosity=0)
        assert owner.rights_held(cursor, SITE) == owner.rights_wanted(cursor)


@pytest.mark.django_db
def test_nothing_is_granted_anew_where_all_is_right(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_DATABASE_ROLE = SITE
    granted: list[str] = []
    monkeypatch.setattr(owner, "grant", granted.append)
    owner.set_up_database()
    assert not granted
    settings.SITE_DATABASE_ROLE = "rbp"
    owner.set_up_database()
    assert not granted


@pytest.mark.django_db
def test_a_role_that_is_not_there_is_one_sentence(settings: Settings) -> None:
    settings.SITE_DATABASE_ROLE = "nobody_here"
    with pytest.raises(CommandError, match="nobody_here of DATABASE_URL does not exist"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db
def test_no_session_skips_a_trigger_even_after_the_library_installed_its_own() -> None:
    people.recorded()
    with connection.cursor() as cursor:
        assert not owner.triggers_can_be_skipped(cursor)
        call_command("pgtrigger", "install")
        assert owner.triggers_can_be_skipped(cursor)
        call_command("migrate", verbosity=0)
        assert not owner.triggers_can_be_skipped(cursor)


@pytest.mark.django_db
def test_the_site_can_neither_migrate_nor_grant() -> None:
    act_as_site()
    with connection.cursor() as cursor:
        assert not owner.may_migrate(cursor)
        assert not owner.owns_tables(cursor)
        # PostgreSQL grants nothing, and warns.
        cursor.execute(f"GRANT UPDATE ON scoring_assessment TO {SITE}")
        assert owner.rights_held(cursor, SITE) == owner.rights_wanted(cursor)
        with pytest.raises(ProgrammingError, match="must be owner of table scoring_user"):
            cursor.execute("ALTER TABLE scoring_user ADD COLUMN more integer")
