"""A client of CDS Hooks with keys of its own, as a hospital sets it up."""

import json
import time
from copy import deepcopy
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client
from django.utils import timezone
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from scoring.fhir.resource import Resource, written
from tests.fhir.sent import PATIENT, bundle, example

ISSUER = "https://ehr.hospital.example"
SITE = "https://rbp.hospital.example"
SERVICE = "/cds-services/residual-back-pain"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP384R1())
_KEYS: dict[str, Any] = {"RS384": ("rsa-1", RSA_KEY), "ES384": ("ec-1", EC_KEY)}
JWKS = [
    {**json.loads(RSAAlgorithm.to_jwk(RSA_KEY.public_key())), "kid": "rsa-1"},
    {**json.loads(ECAlgorithm.to_jwk(EC_KEY.public_key())), "kid": "ec-1"},
]
CLIENTS = {
    ISSUER: {
        "keys": {str(key["kid"]): key for key in JWKS},
        "name": "Hospital EHR",
        "hospital_numbers": "urn:hospital:number",
    }
}


def token(
    path: str,
    algorithm: str = "ES384",
    *,
    key: Any = None,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A token for an address of the site; a claim of None is left out."""
    kid, own = _KEYS.get(algorithm, ("rsa-1", None))
    now = int(time.time())
    usual = {
        "iss": ISSUER,
        "aud": f"{SITE}{path}",
        "iat": now,
        "exp": now + 300,
        "jti": str(uuid4()),
    }
    claims = {name: value for name, value in (usual | changes).items() if value is not None}
    named = {"kid": kid} if header is None else header
    return jwt.encode(claims, key if key is not None else own, algorithm, headers=named)


def call(prefetch: object, **changes: Any) -> dict[str, Any]:
    """A call of patient-view, with what a version after 2.0.1 may add."""
    usual = {
        "hook": "patient-view",
        "hookInstance": str(uuid4()),
        "context": {"userId": "Practitioner/1", "patientId": "p1", "later": [1]},
        "prefetch": prefetch,
        "somethingOf30": {"a": 1},
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def sent(path: str, content: object, bearer: str | None = None, **headers: str) -> Any:
    """The answer to a POST; with a token for this address unless another one is given."""
    bearer = token(path) if bearer is None else bearer
    return Client().post(
        path,
        written(content),
        content_type="application/json",
        headers={"Authorization": f"Bearer {bearer}", **headers},
    )


def found(*observations: Resource, **more: Any) -> Resource:
    """The Bundle of a search."""
    return bundle(*observations, patient=None) | {"type": "searchset"} | more


def fetched(**changes: Any) -> dict[str, Any]:
    """What a client fetches for the worked example."""
    known = example()
    usual = {
        "patient": PATIENT,
        "laboratory": found(known["pdw"], known["chloride"]),
        "bone_density": found(known["t_score"]),
        "answers": found(known["trauma"], known["edema"]),
    }
    return deepcopy(usual | changes)


def of_today(**changes: Any) -> dict[str, Any]:
    """What a client fetched, of today."""
    found = fetched(**changes)
    today = timezone.localdate().isoformat()
    for page in found.values():
        for entry in (page or {}).get("entry", []):
            entry["resource"]["effectiveDateTime"] = today
    return found
