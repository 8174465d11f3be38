"""Triggers that make "nothing clinical is ever deleted or overwritten" hold in the database."""

import pgtrigger


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Rows may be inserted and read; update, delete and truncate raise an error."""
    return [
        pgtrigger.Protect(
            name=f"{name}_append_only", operation=pgtrigger.Update | pgtrigger.Delete
        ),
        never_truncated(name),
    ]


def never_deleted(name: str) -> list[pgtrigger.Trigger]:
    """Rows may change but never go."""
    return [
        pgtrigger.Protect(name=f"{name}_never_deleted", operation=pgtrigger.Delete),
        never_truncated(name),
    ]


def never_truncated(name: str) -> pgtrigger.Trigger:
    """TRUNCATE does not fire row triggers: it needs its own."""
    return pgtrigger.Trigger(
        name=f"{name}_never_truncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    )
