#!/usr/bin/env bash
# psycopg2 2.9.11, PostgreSQL 16: a connection that the server refuses comes without its SQLSTATE.
#
# PostgreSQL refuses with a code: 53300 too many connections, 3D000 no such database, 28P01 wrong
# password. A statement's error has it in pgcode; an error of connect() has pgcode None, no
# diagnostics, and the plain class OperationalError, whatever the cause. "Busy, come again" and
# "wrongly set up" can be told apart by the text alone, which is in the server's language.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    pgserver==0.1.4 psycopg2-binary==2.9.11
# The server runs under another account where this one is root.
chmod 755 "$folder"
mkdir -m 700 "$folder/run"
XDG_RUNTIME_DIR="$folder/run" "$folder/venv/bin/python" - "$folder/data" <<'PYTHON'
import os
import sys

import pgserver
import psycopg2

os.mkdir(sys.argv[1], 0o755)
server = pgserver.get_server(sys.argv[1])
try:
    uri = server.get_uri()
    connection = psycopg2.connect(uri)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE ROLE ward LOGIN CONNECTION LIMIT 0")

    def refused(**changes):
        """What connect() raises with these changes of the address."""
        try:
            psycopg2.connect(uri, **changes).close()
        except psycopg2.Error as error:
            return error
        raise AssertionError("the connection was taken")

    for error in (refused(user="ward"), refused(dbname="elsewhere")):
        print(type(error).__name__, error.pgcode, error.diag.sqlstate, str(error).splitlines()[-1])
        assert type(error) is psycopg2.OperationalError
        assert error.pgcode is None
        assert error.diag.sqlstate is None
    try:
        cursor.execute("SELECT * FROM nowhere")
    except psycopg2.Error as error:
        print("a statement:", type(error).__name__, error.pgcode)
        assert error.pgcode == "42P01"
    cursor.execute("SHOW server_version")
    print("psycopg2", psycopg2.__version__, "PostgreSQL", *cursor.fetchone())
    connection.close()
finally:
    server.cleanup()
PYTHON
