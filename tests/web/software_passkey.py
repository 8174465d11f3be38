"""An authenticator in software: makes a passkey and signs with it, as a security key does."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


@dataclass
class SoftwarePasskey:
    """One passkey; ``sign_count`` goes on with each use, ``origin`` is what the browser tells."""

    origin: str = "https://ward.example"
    sign_count: int = 0
    present: FLAG = FLAG.UP
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def made(self, options: dict[str, Any]) -> str:
        """The browser's answer to the question for a new passkey."""
        public: ES256 = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public)
        data = AuthenticatorData.create(
            sha256(options["rp"]["id"].encode()).digest(),
            self.present | FLAG.AT,
            self.sign_count,
            credential,
        )
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", options),
            attestationObject=AttestationObject.create("none", data, {}),
        )

    def signed(self, options: dict[str, Any]) -> str:
        """The browser's answer to the question for a signature."""
        self.sign_count += 1
        host = sha256(options["rpId"].encode()).digest()
        data = AuthenticatorData.create(host, self.present, self.sign_count)
        client_data = self._client_data("webauthn.get", options)
        return self._answer(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=self.key.sign(data + client_data.hash, ec.ECDSA(hashes.SHA256())),
        )

    def _client_data(self, kind: str, options: dict[str, Any]) -> CollectedClientData:
        challenge = websafe_decode(options["challenge"])
        return CollectedClientData.create(kind, challenge, self.origin)

    def _answer(self, **response: bytes) -> str:
        identifier = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": identifier,
                "rawId": identifier,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {name: websafe_encode(value) for name, value in response.items()},
            }
        )
