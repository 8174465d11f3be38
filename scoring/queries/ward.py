"""The ward settings that hold now, and whether others have an account."""

from scoring.models import WardSettings
from scoring.queries.users import people


def ward_settings() -> WardSettings:
    """The newest revision, read anew each time: a change holds in every process at once."""
    return WardSettings.objects.order_by("-revision").first() or WardSettings.initial()


def has_several_accounts() -> bool:
    """Whether at least two people can sign in."""
    return people().filter(is_active=True)[1:2].exists()
