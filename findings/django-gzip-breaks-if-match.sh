#!/usr/bin/env bash
# Django 5.2.19: behind GZipMiddleware no change with If-Match succeeds for a client that takes gzip.
#
# The middleware makes the ETag of what it compresses weak. The client sends that ETag back, as it
# got it, and Django's own condition() answers 412, though nothing was changed: If-Match compares
# strongly, so a weak one never matches (RFC 9110, section 13.1.1). The same client without gzip
# gets 200. Short answers are not compressed, so that small records work and large ones don't.
# Who offers If-Match leaves answers with an ETag uncompressed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check django==5.2.19
"$folder/venv/bin/python" - <<'PYTHON'
import django
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.http import condition

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.gzip.GZipMiddleware"],
)
django.setup()
print("Django", django.__version__)


@condition(etag_func=lambda request, size: '"1"')
def record(request, size):
    return HttpResponse("x" * size)


urlpatterns = [path("records/<int:size>", record)]


def changed(size, **headers):
    """The ETag that is read, and how a change with it is answered."""
    client = Client(headers=headers)
    etag = client.get(f"/records/{size}").headers["ETag"]
    return etag, client.put(f"/records/{size}", headers={"if-match": etag}).status_code


plain = changed(1000)
packed = changed(1000, accept_encoding="gzip")
short = changed(100, accept_encoding="gzip")
print("without gzip", *plain)
print("with gzip", *packed)
print("with gzip, 100 bytes", *short)
assert plain == ('"1"', 200)
assert packed == ('W/"1"', 412)
assert short == ('"1"', 200)
PYTHON
