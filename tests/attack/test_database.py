"""The site's role against what all tables lean on: roles, functions, settings, the server."""

import pytest

from tests.attack.conftest import Attacker
from tests.database_roles import SITE

_SKIP = "public._pgtrigger_should_ignore(trigger_name name)"
ATTEMPTS = {
    "become the owner": "SET ROLE rbp",
    "sign in as the owner": "SET SESSION AUTHORIZATION rbp",
    "join the owner": f"GRANT rbp TO {SITE}",
    "take from the owner": f"REASSIGN OWNED BY rbp TO {SITE}",
    "drop the owner's": "DROP OWNED BY rbp CASCADE",
    "become a superuser": f"ALTER ROLE {SITE} SUPERUSER",
    "make roles": f"ALTER ROLE {SITE} CREATEROLE",
    "another role": "CREATE ROLE another",
    "the owner's password": "ALTER ROLE rbp PASSWORD 'known'",
    "be told the passwords": "SELECT rolpassword FROM pg_authid",
    "no triggers in this session": "SET session_replication_role = replica",
    "no triggers by a function": "SELECT set_config('session_replication_role', 'replica', false)",
    "no triggers from now on": f"ALTER ROLE {SITE} SET session_replication_role = replica",
    "a setting of the owner": "ALTER ROLE rbp SET search_path = pg_temp",
    "settings of the server": "SELECT pg_reload_conf()",
    "the skip put back": f"CREATE OR REPLACE FUNCTION {_SKIP} RETURNS boolean LANGUAGE sql"
    " AS 'SELECT true'",
    "the skip altered": f"ALTER FUNCTION {_SKIP} RENAME TO another",
    "the skip dropped": f"DROP FUNCTION {_SKIP} CASCADE",
    "a table": "CREATE TABLE mine (id integer)",
    "a temporary table": "CREATE TEMPORARY TABLE mine (id integer)",
    "a temporary copy": "SELECT 1 AS id INTO TEMPORARY mine",
    "a view": "CREATE VIEW mine AS SELECT 1",
    "a temporary view": "CREATE TEMPORARY VIEW scoring_outcome AS SELECT 1",
    "a sequence": "CREATE TEMPORARY SEQUENCE mine",
    "a schema": "CREATE SCHEMA mine",
    "a function": "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "a temporary function": "CREATE FUNCTION pg_temp.mine() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "an operator": "CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text,"
    " FUNCTION = texteq)",
    "a type": "CREATE TYPE public.mine AS (id integer)",
    "a language": "CREATE LANGUAGE mine HANDLER plpgsql_call_handler",
    "an extension": "CREATE EXTENSION hstore",
    "another extension's end": "DROP EXTENSION pg_trgm CASCADE",
    "an event trigger": "CREATE EVENT TRIGGER mine ON ddl_command_start"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "a publication": "CREATE PUBLICATION mine",
    "a setting of the database": "ALTER DATABASE {database} SET pgtrigger.ignore = 'all'",
    "the database's owner": f"ALTER DATABASE {{database}} OWNER TO {SITE}",
    "the schema's end": "DROP SCHEMA public CASCADE",
    "a program": "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'",
    "a file written": "COPY (SELECT 1) TO '/tmp/rbp-attack'",
    "a file read": "SELECT pg_read_file('postgresql.conf')",
    "a file as an object": "SELECT lo_import('/etc/passwd')",
    "a folder read": "SELECT pg_ls_dir('.')",
    "the catalog": "UPDATE pg_trigger SET tgenabled = 'D'",
    "the catalog of functions": "DELETE FROM pg_proc",
    "migrations": "DELETE FROM django_migrations",
    "rights for all": f"ALTER DEFAULT PRIVILEGES FOR ROLE rbp GRANT ALL ON TABLES TO {SITE}",
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_site_may_not(attacker: Attacker, name: str) -> None:
    database = attacker.session.info.dbname
    attacker.may_not(ATTEMPTS[name].replace("{database}", database))
