"""Fields for what nobody but its user may know: passwords, codes."""

from collections.abc import Iterator
from functools import cache

from django import forms


class SecretField(forms.CharField):
    """Typed in clear, but never written into a page again: a code, for example."""


@cache
def secret_names() -> frozenset[str]:
    """What the secret fields of all forms are called, whichever form a request was meant for."""
    return frozenset(
        name
        for form in _kinds(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if is_secret(field)
    )


def is_secret(field: forms.Field) -> bool:
    """Whether it is of a secret kind: by itself, or because its letters are hidden."""
    return isinstance(field, SecretField) or isinstance(field.widget, forms.PasswordInput)


def _kinds(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    yield form
    for below in form.__subclasses__():
        yield from _kinds(below)
