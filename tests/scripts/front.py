"""A running nginx with the example's configuration, and the site behind it."""

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.scripts.conftest import CHECKOUT, Private
from tests.scripts.test_server import free_port

HOST = "rbp.hospital.example"
# Nothing is decided by it: it ends a run that a defect would let wait for ever.
START_SECONDS = 1800
# An address of this very computer: nginx sees a client of its own, the site sees nginx.
CLIENT = "127.0.0.2"
DEBIANS_PAGE = "Welcome-to-nginx"


@dataclass
class Answer:
    """What came back; header names in small letters, cookies apart."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str


@dataclass
class Site:
    """The site behind nginx, as one of perhaps several computers has it."""

    environment: dict[str, str]
    port: int
    said: Path
    _process: "subprocess.Popen[bytes] | None" = None

    def prepare(self) -> None:
        """What ``script/server`` does before it serves."""
        (Path(self.environment["RBP_DATA_DIR"]) / "logs").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "script.lib.prepare"]
        with self.said.with_name("prepare.log").open("ab") as said:
            subprocess.run(command, cwd=CHECKOUT, env=self.environment, stdout=said, check=True)
        del self.environment["DATABASE_OWNER_URL"]

    def start(self) -> None:
        """Serve, and wait until it listens."""
        command = [sys.executable, "-m", "script.lib.site", "--host", "127.0.0.1"]
        with self.said.open("ab") as said:
            self._process = subprocess.Popen(
                [*command, "--port", str(self.port), "--workers", "1"],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        _wait(self.port, self._process, self.said)

    def kill(self) -> None:
        """``kill -9`` of all its processes at once."""
        assert self._process is not None, "not started"
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """An orderly end, where it serves."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


@dataclass
class Front:
    """A running nginx with the site behind it."""

    private: Private
    folder: Path
    http_port: int
    https_port: int
    sites: "list[Site]"

    def ask(
        self,
        method: str,
        path: str,
        body: dict[str, str] | bytes | None = None,
        *,
        host: str = HOST,
        tls: bool = True,
        context: ssl.SSLContext | None = None,
        **headers: str,
    ) -> Answer:
        """One request on a connection of its own, from CLIENT."""
        data = urllib.parse.urlencode(body).encode() if isinstance(body, dict) else body
        connection = http.client.HTTPConnection("127.0.0.1")
        connection.sock = self.connected(host=host, tls=tls, context=context)
        sent = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, data, sent)
        answer = connection.getresponse()
        try:
            return Answer(
                answer.status,
                {name.lower(): value for name, value in answer.getheaders()},
                answer.headers.get_all("Set-Cookie") or [],
                answer.read().decode(errors="replace"),
            )
        finally:
            connection.close()

    def connected(
        self,
        sent: bytes = b"",
        *,
        host: str = HOST,
        tls: bool = True,
        context: ssl.SSLContext | None = None,
    ) -> socket.socket:
        """A connection from CLIENT over which so much was sent."""
        port = self.https_port if tls else self.http_port
        found = socket.create_connection(("127.0.0.1", port), 60, source_address=(CLIENT, 0))
        if tls:
            context = context or self.trusting()
            found = context.wrap_socket(found, server_hostname=host)
        found.sendall(sent)
        return found

    def trusting(self) -> ssl.SSLContext:
        """A client that trusts the certificate of the test alone."""
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def logs(self) -> dict[str, str]:
        """Every log there is: of nginx, of the site, of PostgreSQL."""
        files = [*self.folder.glob("*.log"), *self.private.folder.rglob("*.log")]
        return {path.name: path.read_text(errors="replace") for path in files}


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext"),
            *(f"subjectAltName=DNS:{HOST}", "-keyout", "key.pem", "-out", "certificate.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def _example(folder: Path, site_ports: list[int], http_port: int, https_port: int) -> Path:
    """The example as it stands in docs/, with the ports and paths of the test."""
    text = (CHECKOUT / "docs" / "nginx" / "rbp-risk.conf").read_text()
    for old, new in (
        ("    server 127.0.0.1:8000;\n", "".join(f"server 127.0.0.1:{p};\n" for p in site_ports)),
        ("listen 443 ", f"listen 127.0.0.1:{https_port} "),
        ("listen 80;", f"listen 127.0.0.1:{http_port};"),
        ("/etc/ssl/rbp-risk/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
        ("root /usr/share;", f"root {folder};"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "rbp-risk.conf").write_text(text)
    shutil.copytree(CHECKOUT / "docs" / "nginx" / "pages", folder / "rbp-risk-pages")
    # Debian's own server, which its package switches on, read after the example as there.
    (folder / "default.conf").write_text(
        f"server {{ listen 127.0.0.1:{http_port} default_server; server_name _; "
        f"return 200 {DEBIANS_PAGE}; }}\n"
    )
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\n"
        f"error_log {folder}/nginx.log warn;\nevents {{}}\n"
        f"http {{\n{temporary}\naccess_log off;\n"
        f"include {folder}/rbp-risk.conf;\ninclude {folder}/default.conf;\n}}\n"
    )
    return whole


def _wait(port: int, process: "subprocess.Popen[bytes]", said: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None, said.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end, said.read_text()
            time.sleep(0.1)
        else:
            return


@contextmanager
def standing(running: Private, folder: Path, sites: int = 1) -> Iterator[Front]:
    """The site in production mode on a database of its own, nginx before it.

    Several sites have nothing in common but the database and the secret key.
    """
    _certificate(folder)
    http_port, https_port = free_port(), free_port()
    shared = running.environment(
        RBP_MODE="production",
        RBP_SECRET_KEY="made-up-key-of-the-tests-" * 3,
        RBP_ALLOWED_HOSTS=HOST,
        DATABASE_URL=running.must("url").strip(),
        DATABASE_OWNER_URL=running.must("url", "--owner").strip(),
        RBP_LOG_FORMAT="json",
        PYTHONUNBUFFERED="1",
    )
    behind = [Site(dict(shared), free_port(), folder / "site.log")]
    for number in range(1, sites):
        data = {"RBP_DATA_DIR": str(folder / f"data-{number}")}
        behind.append(Site(shared | data, free_port(), folder / f"site-{number}.log"))
    configuration = _example(folder, [site.port for site in behind], http_port, https_port)
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx"
    with ExitStack() as stack:
        for site in behind:
            site.prepare()
            stack.callback(site.stop)
            site.start()
        said = folder / "nginx-said.log"
        with said.open("wb") as file:
            process = subprocess.Popen(
                [nginx, "-p", str(folder), "-c", str(configuration)],
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        _wait(https_port, process, said)
        yield Front(running, folder, http_port, https_port, behind)
