#!/usr/bin/env bash
# django-environ 0.14.0: of several PostgreSQL servers in an address, one server's port goes to all.
#
# In libpq's form of an address each server may have its own port, and one without has 5432. Of
# a:6001,b django-environ keeps PORT=6001 alone, which libpq then uses for both: a site connects to
# a, and finds no standby on b when a is gone. An IPv6 address keeps its brackets, which libpq takes
# for part of the name. psycopg2's parse_dsn, which is libpq's own, gives each server its port.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check django-environ==0.14.0 \
    psycopg2-binary==2.9.13
"$folder/venv/bin/python" - <<'PYTHON'
import environ
from psycopg2.extensions import parse_dsn

found = {}
for places in ("a:6001,b", "a,b:6002", "[::1]:6001,[::2]:6002", "a:6001,b:6002"):
    url = f"postgresql://{places}/rbp"
    theirs, libpq = environ.Env.db_url_config(url), parse_dsn(url)
    found[places] = (theirs["HOST"], str(theirs["PORT"]), libpq["host"], libpq["port"])
    print(f"{places}: django-environ {found[places][:2]}, libpq {found[places][2:]}")
assert found == {
    "a:6001,b": ("a,b", "6001", "a,b", "6001,"),
    "a,b:6002": ("a,b", "6002", "a,b", ",6002"),
    "[::1]:6001,[::2]:6002": ("[::1],[::2]", "6001,6002", "::1,::2", "6001,6002"),
    "a:6001,b:6002": ("a,b", "6001,6002", "a,b", "6001,6002"),
}
print("As stated: only where every server has a port, and none is IPv6, do both agree.")
PYTHON
