"""Whether the site in this container answers; the container's HEALTHCHECK."""

import http.client
import os
import sys

_SECONDS = 4

host = os.environ.get("RBP_ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
port = int(os.environ.get("RBP_BIND", ":8000").rsplit(":", 1)[1])
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
connection.request("GET", "/healthz", headers={"Host": host})
sys.exit(connection.getresponse().status != http.client.OK)
