#!/usr/bin/env bash
# psql 16 --single-transaction: a stream that is torn off is committed, and the exit code is 0.
#
# "All or nothing" is about statements that fail. The end of the input is no failure, whatever ended
# it: psql can't tell a whole dump from one whose writer was killed, and commits what came so far.
# In the middle of the rows of a COPY the end counts as the end of these rows. So
# "pg_restore --file=- … | psql --single-transaction" that empties the tables first leaves half of
# the data where the first program is killed, and without "set -o pipefail" nothing says so.
# A stream that ends with its own COMMIT, without --single-transaction, changes nothing when torn.
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
import subprocess
import sys
from pathlib import Path

import pgserver
import psycopg2

LOAD = "DELETE FROM operation;\nCOPY operation FROM STDIN;\n"
ROWS = [f"{number}\n" for number in range(1, 6)]

os.mkdir(sys.argv[1], 0o755)
server = pgserver.get_server(sys.argv[1])
psql = Path(pgserver.__file__).parent / "pginstall" / "bin" / "psql"
try:
    connection = psycopg2.connect(server.get_uri())
    connection.autocommit = True
    cursor = connection.cursor()

    def left(text, *options):
        """The exit code of psql, and the rows that are there after it read a text."""
        cursor.execute("DROP TABLE IF EXISTS operation")
        cursor.execute("CREATE TABLE operation AS SELECT 100 + n AS id FROM generate_series(1, 9) n")
        done = subprocess.run(
            [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", *options, "-f", "-", server.get_uri()],
            input=text, text=True, capture_output=True,
        )
        cursor.execute("SELECT count(*) FROM operation")
        return done.returncode, cursor.fetchone()[0]

    found = {
        "whole": left(LOAD + "".join(ROWS) + "\\.\n", "--single-transaction"),
        "torn between rows": left(LOAD + "".join(ROWS[:2]), "--single-transaction"),
        "torn after DELETE": left("DELETE FROM operation;\n", "--single-transaction"),
        "torn, with a COMMIT to come": left("BEGIN;\n" + LOAD + "".join(ROWS[:2])),
    }
    for name, (code, rows) in found.items():
        print(f"{name}: exit code {code}, {rows} rows")
    # Nine rows stood there before, five were to take their place.
    assert list(found.values()) == [(0, 5), (0, 2), (0, 0), (0, 9)]
    print(subprocess.run([psql, "--version"], text=True, capture_output=True).stdout.strip())
    connection.close()
finally:
    server.cleanup()
PYTHON
