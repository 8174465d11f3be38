"""Asking a server: no redirects, limited in time and size, and a token only where it belongs."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from scoring.smart.trouble import SmartError, Trouble
from scoring.strict_json import NotJsonError, read_json

Resource = dict[str, Any]
# Seconds to connect, and between two pieces of an answer; all requests of a reading together.
_CONNECT, _PIECE = 3.0, 5.0
WHOLE = 20.0
LARGEST = 4 * 1024 * 1024
_PIECE_BYTES = 64 * 1024
# Compressed, an answer could be larger than it looks.
_PLAIN = {"Accept-Encoding": "identity"}


class Bearer(AuthBase):
    """Sends the token. Passed as ``auth``: else a netrc file of the account would replace it."""

    def __init__(self, token: str = "") -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header; without a token none at all."""
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Fetcher:
    """The requests of one launch or reading, which end together at one time."""

    def __init__(self, seconds: float = WHOLE) -> None:
        self._ends = time.monotonic() + seconds

    def get(self, address: str, *, token: str = "", accept: str = "application/json") -> Resource:
        """The JSON object at an address. Raises SmartError."""
        status, answer = self._sent(
            lambda: requests.get(
                address,
                headers={"Accept": accept, **_PLAIN},
                auth=Bearer(token),
                timeout=self._timeout(),
                allow_redirects=False,
                stream=True,
            )
        )
        if status != requests.codes.ok:
            raise SmartError(Trouble.BAD_ANSWER, f"HTTP {status}")
        return answer

    def post(
        self, address: str, form: Mapping[str, str], auth: AuthBase | None = None
    ) -> tuple[int, Resource]:
        """Status and JSON object that a form is answered with. Raises SmartError."""
        return self._sent(
            lambda: requests.post(
                address,
                data=form,
                headers={"Accept": "application/json", **_PLAIN},
                auth=auth or Bearer(),
                timeout=self._timeout(),
                allow_redirects=False,
                stream=True,
            )
        )

    def _timeout(self) -> tuple[float, float]:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise SmartError(Trouble.UNREACHABLE, "timeout")
        return min(_CONNECT, left), min(_PIECE, left)

    def _sent(self, send: Callable[[], requests.Response]) -> tuple[int, Resource]:
        try:
            with send() as response:
                return response.status_code, _read(self._body(response), response.status_code)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise SmartError(Trouble.UNREACHABLE, type(error).__name__) from error

    def _body(self, response: requests.Response) -> bytes:
        """The answer, piece by piece: one that trickles in must not hold the request for ever."""
        body = b""
        while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
            body += piece
            if len(body) > LARGEST:
                raise SmartError(Trouble.TOO_LARGE)
            self._timeout()
        return body


def _read(body: bytes, status: int) -> Resource:
    try:
        answer = read_json(body)
    except NotJsonError as error:
        if status != requests.codes.ok:
            return {}
        raise SmartError(Trouble.BAD_ANSWER, "not JSON") from error
    if not isinstance(answer, dict):
        raise SmartError(Trouble.BAD_ANSWER, "no object")
    return answer
