"""The fields of all forms, by their names: which of them are seen, and which are secret.

Secret is what nobody but its user may know: passwords, codes.
"""

from collections.abc import Iterator
from functools import cache

from django import forms


class SecretField(forms.CharField):
    """Typed in clear, but never written into a page again: a code, for example."""


@cache
def secret_names() -> frozenset[str]:
    """What the secret fields of all forms are called, whichever form a request was meant for."""
    return frozenset(name for name, field in _fields() if is_secret(field))


@cache
def seen_fields() -> dict[str, forms.Field]:
    """The fields that a user sees, by name, whichever form a request was meant for."""
    return {name: field for name, field in _fields() if not field.widget.is_hidden}


def is_secret(field: forms.Field) -> bool:
    """Whether it is of a secret kind: by itself, or because its letters are hidden."""
    return isinstance(field, SecretField) or isinstance(field.widget, forms.PasswordInput)


def _fields() -> Iterator[tuple[str, forms.Field]]:
    for form in _kinds(forms.BaseForm):
        yield from getattr(form, "base_fields", {}).items()


def _kinds(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    yield form
    for below in form.__subclasses__():
        yield from _kinds(below)
