#!/usr/bin/env bash
# PostgreSQL 16: CHECK (x IN (…)) on a varchar reads differently after a dump is restored.
#
# PostgreSQL keeps the expression as it was understood and writes it back as SQL. For a varchar,
# IN ('yes', 'no') comes out as ANY ((ARRAY[…])::text[]). Read in again, as pg_dump and psql do,
# the cast moves into the array, and pg_get_constraintdef says something else; from then on it
# stays. The rule is the same, but who compares the definitions of a restored database with those
# of a new one finds every such constraint changed. A column of the type text does not do this.
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
    connection = psycopg2.connect(server.get_uri())
    connection.autocommit = True
    cursor = connection.cursor()

    def definition(kind, constraint):
        """The constraint as PostgreSQL tells it, of a table that is made with it."""
        cursor.execute("DROP TABLE IF EXISTS answer")
        cursor.execute(f"CREATE TABLE answer (code {kind}, CONSTRAINT known {constraint})")
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'known'"
        )
        return cursor.fetchone()[0]

    for kind in ("varchar(9)", "text"):
        made = definition(kind, "CHECK (code IN ('yes', 'no'))")
        restored = definition(kind, made)
        print(kind, "made:", made, "restored:", restored)
        assert (made == restored) is (kind == "text")
        assert definition(kind, restored) == restored
    cursor.execute("SHOW server_version")
    print("PostgreSQL", *cursor.fetchone())
    connection.close()
finally:
    server.cleanup()
PYTHON
