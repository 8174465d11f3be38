"""Which addresses of a server are used: over TLS, or on this computer."""

from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

_LONGEST = 2000


def is_safe(address: str) -> bool:
    """Whether it is an https address of a host, or an http address of this computer."""
    parts = _parts(address)
    if parts is None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _parts(address: str) -> SplitResult | None:
    """Its parts; None for what is no plain address of a host."""
    if len(address) > _LONGEST or any(not "!" <= letter <= "~" for letter in address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    is_plain = bool(parts.hostname) and "@" not in parts.netloc and "\\" not in address
    return parts if is_plain and not parts.fragment else None


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def resolved(base: str, address: str) -> str:
    """An address of an answer, which may be relative to the FHIR base; "" where it is not safe.

    A server that is reached over TLS names no address without it.
    """
    whole = joined(f"{base}/", address)
    is_as_safe = urlsplit(whole).scheme == "https" or urlsplit(base).scheme == "http"
    return whole if is_safe(whole) and is_as_safe else ""


def joined(base: str, address: str) -> str:
    """An address that may be relative to another one; "" where it can't be read."""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def is_same_host(base: str, address: str) -> bool:
    """Whether an address is at the same host and port as the FHIR base, by the same scheme."""
    return is_safe(address) and _origin(urlsplit(base)) == _origin(urlsplit(address))


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    return parts.scheme, (parts.hostname or "").casefold(), port


def with_query(address: str, parameters: dict[str, str]) -> str:
    """The address with these parameters behind those it has."""
    sign = "&" if "?" in address else "?"
    return f"{address}{sign}{urlencode(parameters, quote_via=quote)}"
