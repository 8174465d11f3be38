"""Triggers as django-pgtrigger compiles them, with what is the same in all of them said once."""

from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.migrations import AddTrigger


def trigger(model, name, *, mark, fires, function, **more):
    """A trigger; ``mark`` is the end of its name in the database."""
    when, operation = fires.split(maxsplit=1)
    sql = UpsertTriggerSql(
        pgid=f"pgtrigger_{name}_{mark}",
        table=f"scoring_{model}",
        when=when,
        operation=operation,
        func=function,
        **more,
    )
    return AddTrigger(model_name=model, trigger=Trigger(name=name, sql=sql))


def append_only(model, name, *, marks):
    """Rows that are neither changed nor deleted."""
    refused, truncated = marks
    return [
        trigger(
            model,
            f"{name}_append_only",
            mark=refused,
            fires="BEFORE UPDATE OR DELETE",
            function=_refuse("update or delete"),
        ),
        _never_truncated(model, name, truncated),
    ]


def never_deleted(model, name, *, marks):
    """Rows that may change, and are never deleted."""
    deleted, truncated = marks
    return [
        trigger(
            model,
            f"{name}_never_deleted",
            mark=deleted,
            fires="BEFORE DELETE",
            function=_refuse("delete"),
        ),
        _never_truncated(model, name, truncated),
    ]


def _never_truncated(model, name, mark):
    return trigger(
        model,
        f"{name}_never_truncated",
        mark=mark,
        fires="BEFORE TRUNCATE",
        level="STATEMENT",
        function=_refuse("truncate"),
    )


def _refuse(what):
    return f"RAISE EXCEPTION 'pgtrigger: Cannot {what} rows from % table', TG_TABLE_NAME;"
