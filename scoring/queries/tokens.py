"""Tokens of applications."""

from scoring.models import ApplicationToken
from scoring.models.application_token import digest_of_token


def application_tokens() -> list[ApplicationToken]:
    """Every token that was made, the newest first, with account, roles and ward."""
    found = ApplicationToken.objects.select_related("user__ward").prefetch_related("user__groups")
    return list(found.order_by("-created_at", "pk"))


def token_by_text(text: str) -> ApplicationToken | None:
    """The token of this text, whether it may still be used or not; None where there is none."""
    found = ApplicationToken.objects.select_related("user")
    return found.filter(digest=digest_of_token(text)).first()
