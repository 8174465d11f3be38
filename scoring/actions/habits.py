"""How a user likes the pages: no more than habits, so not logged."""

from scoring.models import User


def put_away_model_notice(*, by: User, model: str) -> None:
    """The user has read what this version of the model changes."""
    by.model_notice_read = model
    by.save(update_fields=["model_notice_read"])


def switch_keys(*, by: User, on: bool) -> None:
    """Whether single keys outside of fields do something."""
    by.uses_keys = on
    by.save(update_fields=["uses_keys"])


def choose_language(*, by: User, language: str) -> None:
    """The language of the user's pages."""
    if by.language != language:
        by.language = language
        by.save(update_fields=["language"])
