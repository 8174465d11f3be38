#!/usr/bin/env bash
# PostgreSQL 16: a key made after rows were changed is not used in the same transaction.
#
# A load that fills a table without keys, changes some rows and adds the primary key, all in one
# transaction, is whole and right. But where a changed row found room on its own page (a HOT chain),
# the new index leads nobody to the version before, which other transactions may still see. So
# PostgreSQL leaves the index aside until the transaction that made it has ended: a look by the key
# reads the whole table, and a statement that looks once for each row takes the square of the time.
# EXPLAIN says "Seq Scan" without a reason; pg_index.indcheckxmin tells. Without the change, or with
# the key made before it, the index serves at once.
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

ADD_KEY = "ALTER TABLE operation ADD PRIMARY KEY (id)"
CHANGE = "UPDATE operation SET done = true WHERE id = 50000"

os.mkdir(sys.argv[1], 0o755)
server = pgserver.get_server(sys.argv[1])
try:
    connection = psycopg2.connect(server.get_uri())
    cursor = connection.cursor()

    def scan():
        """How PostgreSQL looks for a row by its key."""
        cursor.execute("EXPLAIN SELECT * FROM operation WHERE id = 7")
        return cursor.fetchone()[0].split(" using ")[0].split(" on ")[0]

    for name, statements in {
        "no row changed": [ADD_KEY],
        "key, then change": [ADD_KEY, CHANGE],
        "change, then key": [CHANGE, ADD_KEY],
    }.items():
        # The last page of the table has room for another version of its last row.
        cursor.execute("DROP TABLE IF EXISTS operation")
        cursor.execute(
            "CREATE TABLE operation AS SELECT id, false AS done FROM generate_series(1, 50000) id"
        )
        for statement in [*statements, "ANALYZE operation"]:
            cursor.execute(statement)
        within = scan()
        cursor.execute(
            "SELECT indcheckxmin FROM pg_index WHERE indrelid = 'operation'::regclass"
        )
        (waits,) = cursor.fetchone()
        connection.commit()
        after = scan()
        connection.commit()
        print(f"{name}: {within} in the transaction, {after} after it; indcheckxmin {waits}")
        assert after == "Index Scan", after
        assert (within == "Seq Scan") is waits is (name == "change, then key")
    cursor.execute("SHOW server_version")
    print("PostgreSQL", *cursor.fetchone())
    connection.close()
finally:
    server.cleanup()
PYTHON
