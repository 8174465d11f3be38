"""Private keys for tests, made anew."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


@cache
def private_key(kind: str, number: int = 0) -> str:
    """The PEM of a key by what it is for; ``number`` tells several apart."""
    if kind == "public":
        public = ec.generate_private_key(ec.SECP384R1()).public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    if kind == "RS384":
        key = rsa.generate_private_key(65537, 2048)
    elif kind == "short":
        key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - to be refused
    else:
        key = ec.generate_private_key(ec.SECP384R1() if kind == "ES384" else ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
