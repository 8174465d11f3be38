"""The hospital's FHIR server of the tests, with its sign-in: strict, on this computer.

It checks what SMART App Launch 2.2.0 has a server check, and notes each request it got.
"""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt

CLIENT = "rbp-risk"
PATIENT = "pat-1"
LAUNCH = "launch-of-today"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"


def quantity(code: str, value: float, unit: str, day: str, /, **more: Any) -> dict[str, Any]:
    """An Observation of a LOINC code."""
    return {
        "resourceType": "Observation",
        "id": f"{code}-{day}",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": f"Patient/{PATIENT}"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        **more,
    }


def patient(**changes: Any) -> dict[str, Any]:
    """Wang Xiulan, hospital number EHR-1."""
    return {
        "resourceType": "Patient",
        "id": PATIENT,
        "identifier": [
            {"system": "urn:example:insurance", "value": "998"},
            {"type": {"coding": [{"code": "MR"}]}, "system": "urn:example:mrn", "value": "EHR-1"},
        ],
        "name": [{"use": "official", "family": "Wang", "given": ["Xiulan"]}],
        "gender": "female",
        "birthDate": "1944-07-14",
        **changes,
    }


@dataclass
class Asked:
    """A request that came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Ehr:
    """What it knows and how it behaves; tests change it."""

    base: str = ""
    redirect_uris: set[str] = field(default_factory=set)
    secret: str = ""
    # Public keys as a JWK set has them.
    keys: list[dict[str, Any]] = field(default_factory=list)
    configuration: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    codes_expire: bool = False
    patient: dict[str, Any] = field(default_factory=patient)
    observations: list[dict[str, Any]] = field(default_factory=list)
    page: int = 100
    next_base: str = ""
    # Paths that are answered otherwise: status, headers, bytes.
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    hanging: set[str] = field(default_factory=set)
    trickling: set[str] = field(default_factory=set)
    go_on: Event = field(default_factory=Event)
    asked: list[Asked] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    jtis: set[str] = field(default_factory=set)

    def discovery(self) -> dict[str, Any]:
        """The configuration, with what the test changed; None takes a part away."""
        told = {
            "authorization_endpoint": f"{self.base}/auth/authorize",
            # Relative, as old servers have it.
            "token_endpoint": "auth/token",
            "grant_types_supported": ["authorization_code"],
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["launch-ehr", "launch-standalone", "permission-v2"],
        } | self.configuration
        return {name: value for name, value in told.items() if value is not None}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is led; AssertionError for what is never led anywhere."""
        assert query["client_id"] == CLIENT
        assert query["redirect_uri"] in self.redirect_uris, query["redirect_uri"]
        led = {"state": query["state"]}
        error = self.refuses or self._fault(query)
        if error:
            led["error"] = error
        else:
            led["code"] = f"code-{len(self.codes)}"
            self.codes[led["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(led)}"

    def _fault(self, query: dict[str, str]) -> str:
        is_ehr_launch = "launch" in query["scope"].split()
        if query["response_type"] != "code" or query["code_challenge_method"] != "S256":
            return "unsupported_response_type"
        if query["aud"].rstrip("/") != self.base:
            return "invalid_request"
        if is_ehr_launch != (query.get("launch") == LAUNCH):
            return "invalid_request"
        # 22 characters of 64 hold 132 bits.
        return "" if len(query["state"]) >= 22 else "invalid_state"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token for a code, once."""
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or self.codes_expire or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = sha256(form["code_verifier"].encode()).digest()
        if urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        granted = {
            "access_token": "secret-token",
            "token_type": "bearer",
            "expires_in": 300,
            "scope": asked["scope"],
            "patient": PATIENT,
            "need_patient_banner": False,
        } | self.token
        return 200, {name: value for name, value in granted.items() if value is not None}

    def _is_client(self, form: dict[str, str], authorization: str) -> bool:
        if self.keys:
            return "client_id" not in form and self._is_signed(form)
        if self.secret:
            kind, _, pair = authorization.partition(" ")
            name, _, secret = b64decode(pair or "").decode().partition(":")
            return kind == "Basic" and (unquote(name), unquote(secret)) == (CLIENT, self.secret)
        return not authorization and form.get("client_id") == CLIENT

    def _is_signed(self, form: dict[str, str]) -> bool:
        assertion = form["client_assertion"]
        header = jwt.get_unverified_header(assertion)
        (known,) = (one for one in self.keys if one["kid"] == header["kid"])
        claims = jwt.decode(
            assertion,
            jwt.PyJWK(known, algorithm=known["alg"]).key,
            algorithms=[known["alg"]],
            audience=f"{self.base}/auth/token",
            issuer=CLIENT,
            options={"require": ["iss", "sub", "aud", "exp", "jti"]},
        )
        is_new = claims["jti"] not in self.jtis
        self.jtis.add(claims["jti"])
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        is_whole = header["typ"] == "JWT" and form["client_assertion_type"] == kind
        return is_new and is_whole and claims["sub"] == CLIENT

    def searched(self, query: dict[str, str]) -> dict[str, Any]:
        """A page of the results of the codes that are asked for, the newest first."""
        assert (query["patient"], query["_sort"]) == (PATIENT, "-date")
        codes = set(query["code"].split(","))
        found = [one for one in self.observations if self._codes(one) & codes]
        found.sort(key=lambda one: str(one.get("effectiveDateTime")), reverse=True)
        begin = int(query.get("page", 0)) * self.page
        bundle = {
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [{"resource": one} for one in found[begin : begin + self.page]],
        }
        if begin + self.page < len(found):
            further = query | {"page": str(int(query.get("page", 0)) + 1)}
            base = self.next_base or self.base
            address = f"{base}/Observation?{urlencode(further)}"
            bundle["link"] = [{"relation": "next", "url": address}]
        return bundle

    @staticmethod
    def _codes(observation: dict[str, Any]) -> set[str]:
        return {f"{one['system']}|{one['code']}" for one in observation["code"]["coding"]}


class _Handler(BaseHTTPRequestHandler):
    ehr: Ehr
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Not to the tests' output."""

    def do_GET(self) -> None:
        self._answer("GET", {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer("POST", _single(body))

    def _answer(self, method: str, form: dict[str, str]) -> None:
        address = urlsplit(self.path)
        path, query = address.path.removeprefix("/fhir"), _single(address.query)
        self.ehr.asked.append(Asked(method, path, query, dict(self.headers.items()), form))
        if path in self.ehr.hanging:
            self.ehr.go_on.wait(60)
            self.close_connection = True
        elif path in self.ehr.trickling:
            self._trickle()
        elif path in self.ehr.answers:
            self._send(*self.ehr.answers[path])
        elif path == "/auth/authorize":
            self._send(302, {"Location": self.ehr.authorize(query)}, b"")
        elif path == "/auth/token":
            self._json(*self.ehr.exchange(form, self.headers.get("Authorization", "")))
        elif path == "/.well-known/smart-configuration":
            self._json(200, self.ehr.discovery())
        elif self.headers.get("Authorization") != "Bearer secret-token":
            self._json(401, {"resourceType": "OperationOutcome"})
        elif path == f"/Patient/{PATIENT}":
            self._json(200, self.ehr.patient)
        elif path == "/Observation":
            self._json(200, self.ehr.searched(query))
        else:
            self._json(404, {"resourceType": "OperationOutcome"})

    def _trickle(self) -> None:
        """A byte at a time, for as long as somebody reads."""
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.close_connection = True
        try:
            while not self.ehr.go_on.wait(0.01):
                self.wfile.write(b" ")
        except OSError:
            pass

    def _json(self, status: int, told: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        self._send(status, headers, json.dumps(told).encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _single(text: str) -> dict[str, str]:
    """A form or query in which nothing stands twice."""
    found = parse_qs(text, keep_blank_values=True, strict_parsing=bool(text))
    assert all(len(values) == 1 for values in found.values()), found
    return {name: values[0] for name, values in found.items()}


@contextmanager
def serving() -> Iterator[Ehr]:
    """A server that runs until the end of the block."""
    ehr = Ehr()
    handler = type("Handler", (_Handler,), {"ehr": ehr})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        ehr.base = f"http://127.0.0.1:{server.server_port}/fhir"
        thread = Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield ehr
        finally:
            ehr.go_on.set()
            server.shutdown()
            thread.join()
