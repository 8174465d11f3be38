#!/usr/bin/env bash
# requests 2.34.2: an entry for the host in the account's netrc file replaces the Authorization
# header of the call, without a word. A bearer token is then not sent, and a password is.
#
# What is given as auth= stays; so does everything with trust_env off, which also loses proxies and
# REQUESTS_CA_BUNDLE.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check requests==2.34.2
echo "machine 127.0.0.1 login somebody password else" >"$folder/netrc"
env NETRC="$folder/netrc" NO_PROXY=127.0.0.1 "$folder/venv/bin/python" - <<'PYTHON'
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import requests

sent = []


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        sent.append(self.headers["Authorization"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


def bearer(request):
    request.headers["Authorization"] = "Bearer token"
    return request


with HTTPServer(("127.0.0.1", 0), Server) as server:
    thread = Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    requests.get(address, headers={"Authorization": "Bearer token"}, timeout=5)
    requests.get(address, auth=bearer, timeout=5)
    server.shutdown()
    thread.join()
print(f"with headers=: {sent[0]}")
print(f"with auth=:    {sent[1]}")
assert sent[0].startswith("Basic ")
assert sent[1] == "Bearer token"
PYTHON
