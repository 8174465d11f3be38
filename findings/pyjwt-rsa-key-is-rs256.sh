#!/usr/bin/env bash
# PyJWT 2.15.1: an RSA key of a JWKS that names no algorithm is taken for RS256, and a token that was
# signed by RS384 with that key is refused.
#
# "alg" of a key is optional (RFC 7517). SMART and CDS Hooks name RS384. The algorithm has to be
# given with the key: PyJWK(key, algorithm="RS384").
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check 'pyjwt[crypto]==2.15.1'
"$folder/venv/bin/python" - <<'PYTHON'
import json

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

print("PyJWT", jwt.__version__)
private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
key = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
token = jwt.encode({"iss": "a"}, private, "RS384")
try:
    jwt.decode(token, jwt.PyJWK(key), algorithms=["RS384"])
except jwt.PyJWTError as error:
    print("without the algorithm:", type(error).__name__, error)
else:
    raise SystemExit("the token was taken")
assert jwt.decode(token, jwt.PyJWK(key, algorithm="RS384"), algorithms=["RS384"]) == {"iss": "a"}
print("with it the token is taken")
PYTHON
