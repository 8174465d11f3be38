"""``manage.py doctor`` asks the site that runs: what it says there becomes a finding."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from pytest_django import Settings

from scoring.management.doctor import site

HANGS = "no report can be made (one has been under way for 12 seconds)"


@contextmanager
def answering(body: str, folder: Path | None = None) -> Iterator[str]:
    """Something that answers one request; its address as ``BIND`` would name it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_ours = self.path == "/readyz" and self.headers["Host"] == "rbp.hospital.example"
            self.send_response(503 if is_ours else 400)
            self.end_headers()
            self.wfile.write(body.encode() if is_ours else b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server: socketserver.BaseServer
    if folder:
        address = f"unix:{folder / 'site.sock'}"
        server = socketserver.UnixStreamServer(str(folder / "site.sock"), Handler)
    else:
        server = socketserver.TCPServer(("127.0.0.1", 0), Handler)
        address = f"127.0.0.1:{server.server_address[1]}"
    with server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield address
        thread.join()


@pytest.fixture
def hosts(settings: Settings) -> Settings:
    settings.ALLOWED_HOSTS = [".rbp.hospital.example"]
    return settings


@pytest.mark.parametrize("by_socket_file", [False, True])
def test_what_is_not_ok_there_is_to_be_mended(
    hosts: Settings, reachable_folder: Path, by_socket_file: bool
) -> None:
    body = json.dumps({"ready": False, "parts": {"disk": "ok", "pdf": HANGS}})
    with answering(body, reachable_folder if by_socket_file else None) as hosts.BIND:
        [found] = site.running_site_is_ready()
    assert (found.code, found.wrong) == ("site_pdf", True)
    assert found.text == f"The running site reports a problem with pdf: {HANGS}."


@pytest.mark.parametrize("body", ["<h1>Another program</h1>", '{"ready": true}'])
def test_another_program_is_no_site(hosts: Settings, body: str) -> None:
    with answering(body) as hosts.BIND:
        [found] = site.running_site_is_ready()
    assert (found.code, found.wrong) == ("no_site", False)


def test_without_a_site_there_is_advice(hosts: Settings, tmp_path: Path) -> None:
    hosts.BIND = f"unix:{tmp_path}/nowhere"
    [found] = site.running_site_is_ready()
    assert (found.code, found.wrong) == ("no_site", False)
    assert f"No site answers at unix:{tmp_path}/nowhere" in found.text
