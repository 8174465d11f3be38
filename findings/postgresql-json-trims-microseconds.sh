#!/usr/bin/env bash
# PostgreSQL 16: JSON writes a moment's microseconds without trailing zeros, unlike to_char and
# Python.
#
# to_jsonb and json_build_array tell 08:30:00.123400 as "…T08:30:00.1234+00:00", and a full second
# without a fraction. Python's isoformat writes six digits or none ("….123400+00:00"), to_char's US
# always six. A canonical text of a row that Python makes, to be hashed or compared, agrees with
# PostgreSQL's for nine of ten moments, so that a test with a single moment does not notice.
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
from datetime import UTC, datetime

import pgserver
import psycopg2

os.mkdir(sys.argv[1], 0o755)
server = pgserver.get_server(sys.argv[1])
try:
    connection = psycopg2.connect(server.get_uri())
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")

    def told(microsecond):
        """One moment as PostgreSQL's JSON, Python and to_char write it."""
        moment = datetime(2026, 11, 28, 8, 30, 0, microsecond, tzinfo=UTC)
        cursor.execute(
            "SELECT json_build_array(%s)->>0, to_jsonb(%s)#>>'{}', "
            "to_char(%s, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')",
            [moment] * 3,
        )
        array, scalar, by_to_char = cursor.fetchone()
        assert array == scalar
        return array, moment.isoformat(), by_to_char

    for microsecond in (123456, 123400, 0):
        print(*told(microsecond))
    assert told(123456)[:2] == ("2026-11-28T08:30:00.123456+00:00",) * 2
    assert told(123400)[:2] == (
        "2026-11-28T08:30:00.1234+00:00",
        "2026-11-28T08:30:00.123400+00:00",
    )
    assert told(0)[:2] == ("2026-11-28T08:30:00+00:00",) * 2
    assert told(0)[2] == "2026-11-28T08:30:00.000000"
    thousand = [told(number) for number in range(0, 1_000_000, 997)]
    agreeing = sum(json == python for json, python, _ in thousand) / len(thousand)
    print(f"PostgreSQL's JSON and Python agree for {agreeing:.0%} of moments")
    assert 0.88 < agreeing < 0.92
    cursor.execute("SHOW server_version")
    print("PostgreSQL", *cursor.fetchone())
    connection.close()
finally:
    server.cleanup()
PYTHON
