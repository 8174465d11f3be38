#!/usr/bin/env bash
# Django 5.2.19, sessions in the database: a database that fails while the session is written is told
# as "the session was deleted", with status 400.
#
# SessionMiddleware writes the session after the view. The database backend turns any DatabaseError
# of an existing session into UpdateError, and the middleware turns that into SessionInterrupted, a
# BadRequest. So a lost connection or a locked table at that moment does not reach handler500 with
# its OperationalError: handler400 gets it, the user's browser is told to have sent nonsense, and a
# form that the view has already worked on seems to have been refused. The OperationalError stands
# in the exception's chain (__context__ of __context__), where handler400 can look for it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check django==5.2.19
cat >"$folder/ask.py" <<'PYTHON'
import sqlite3
import sys

import django
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.management import call_command
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import path

FILE = sys.argv[1]
settings.configure(
    SECRET_KEY="x" * 50,
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FILE,
            "OPTIONS": {"timeout": 0.1},
        }
    },
)
django.setup()
call_command("migrate", verbosity=0)
seen = []


def work(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return HttpResponse("done")


def handler400(request, exception):
    seen.append(exception)
    return HttpResponse("bad request", status=400)


urlpatterns = [path("", work)]
from django.test import Client

client = Client(raise_request_exception=False)
assert client.get("/").status_code == 200
# Another connection writes for a while: what Django writes meanwhile fails with OperationalError.
other = sqlite3.connect(FILE, isolation_level=None)
other.execute("BEGIN IMMEDIATE")
response = client.get("/")
other.execute("ROLLBACK")
print(response.status_code, type(seen[0]).__name__, type(seen[0].__context__).__name__)
assert response.status_code == 400
assert isinstance(seen[0], BadRequest) and type(seen[0]).__name__ == "SessionInterrupted"
assert isinstance(seen[0].__context__.__context__, OperationalError)
assert client.get("/").status_code == 200
PYTHON
"$folder/venv/bin/python" "$folder/ask.py" "$folder/sessions.sqlite3"
