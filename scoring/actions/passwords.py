"""Temporary passwords."""

import secrets

# Easily read off a screen: no l and 1, no o and 0. 32 letters are 5 bits each.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LETTERS = 4, 5


def given_password() -> str:
    """A random password of 100 bits, in groups that are easily copied by hand."""
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS)
    )
