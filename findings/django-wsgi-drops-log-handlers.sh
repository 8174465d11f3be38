#!/usr/bin/env bash
# Django 5.2.19: loading the WSGI application takes away the log handlers added before.
#
# A script that calls django.setup(), adds a file handler to the root logger and then hands
# get_wsgi_application() to a server inside its process loses the handler without a word:
# get_wsgi_application() calls setup() once more, which applies LOGGING again, and dictConfig
# clears the handlers of every logger it configures. Add handlers after the application is loaded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check django==5.2.19
"$folder/venv/bin/python" - <<'PYTHON'
import io
import logging

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "INFO"},
    }
)
django.setup()
file = io.StringIO()
handler = logging.StreamHandler(file)
logging.getLogger().addHandler(handler)
logging.getLogger().info("before")
get_wsgi_application()
logging.getLogger().info("after")
print("Django", django.__version__, "- the added handler got:", file.getvalue().split())
assert file.getvalue() == "before\n"
assert handler not in logging.getLogger().handlers
PYTHON
