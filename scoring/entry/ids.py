"""Ids in what people and browsers send."""

from uuid import UUID


def uuid_in(text: str) -> UUID | None:
    """The UUID that the text is; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
