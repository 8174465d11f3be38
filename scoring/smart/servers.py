"""The FHIR servers that this site may be launched from, and how it proves to them who it is."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import jwt
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

_LEAST_RSA_BITS = 2048


class CredentialsError(ValueError):
    """A private key can't be used; the text says which one is needed."""


@dataclass(frozen=True)
class SigningKey:
    """A private key for private_key_jwt: RSA signs RS384, P-384 signs ES384 (section 2.4).

    ``key_id`` is the thumbprint of RFC 7638.
    """

    algorithm: str
    key: Any = field(repr=False)
    public: dict[str, str]

    @property
    def key_id(self) -> str:
        """What names the key."""
        return self.public["kid"]


@dataclass(frozen=True)
class Server:
    """One server: its FHIR base address, our client ID there, and what proves that we are it.

    Without secret and key the client is public. ``number_system`` is the system of the identifier
    that is the hospital number; "" means the only one, or the one of type MR.
    """

    name: str
    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    key: SigningKey | None = None
    number_system: str = ""


def signing_key(pem: str) -> SigningKey:
    """The private key of a PEM file. Raises CredentialsError."""
    for algorithm, kind in (("RS384", RSAAlgorithm), ("ES384", ECAlgorithm)):
        try:
            key = jwt.get_algorithm_by_name(algorithm).prepare_key(pem)
            public = kind.to_jwk(key.public_key(), as_dict=True)
        except (jwt.InvalidKeyError, ValueError, TypeError, AttributeError):
            continue
        if algorithm == "RS384" and key.key_size < _LEAST_RSA_BITS:
            raise CredentialsError(f"an RSA key must have {_LEAST_RSA_BITS} bits or more")
        return SigningKey(algorithm, key, _named(public, algorithm))
    raise CredentialsError("it holds no private key without a passphrase, of RSA or P-384")


def _named(public: dict[str, str], algorithm: str) -> dict[str, str]:
    """The public key as the server gets it, named by its thumbprint."""
    parts = {
        name: public[name] for name in sorted({"crv", "e", "kty", "n", "x", "y"} & set(public))
    }
    digest = sha256(json.dumps(parts, separators=(",", ":")).encode()).digest()
    name = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return parts | {"kid": name, "alg": algorithm, "use": "sig"}
