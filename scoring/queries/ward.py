"""The ward settings that hold now, and whether others have an account."""

from functools import cache

from scoring.models import User, WardSettings
from scoring.queries.prepared import Statement

_FIELDS = tuple(field.attname for field in WardSettings._meta.concrete_fields)


def ward_settings() -> WardSettings:
    """The newest revision, read anew each time: a change holds in every process at once."""
    for row in _newest().rows():
        return WardSettings(**dict(zip(_FIELDS, row, strict=True)))
    return WardSettings.initial()


def has_several_accounts() -> bool:
    """Whether at least two people can sign in."""
    return User.objects.filter(is_active=True)[1:2].exists()


@cache
def _newest() -> Statement:
    return Statement.of(WardSettings.objects.order_by("-revision").values_list(*_FIELDS)[:1])
