"""What stands in a log: codes, names of views, places in the code. Never patient data.

The text of an exception, the address of a request and what it carried stay out: PostgreSQL quotes
the row that it refused, and anybody may type a name into an address. No Django here.
"""

import json
import logging
import time
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

REQUESTS = "rbpsite.requests"
# The number of the request that is being answered, "" outside of one.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
# What a request's own line tells, in this order.
_REQUEST_FIELDS = ("method", "view", "status", "milliseconds", "user")
# These put addresses, headers or bodies into their messages.
_TALKATIVE = ("django.request", "django.security", "gunicorn.error")


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """Django's ``LOGGING``: everything to standard error, in lines or as JSON."""
    # On a full disk a handler would print what it can't write as it came, addresses included.
    logging.raiseExceptions = False
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": formatter_class(form)}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "safe"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # No error mails and no second copy. Below INFO Django writes SQL with its values.
            "django": {"handlers": [], "propagate": True, "level": max(level, "INFO", key=_rank)},
            # Each report would tell of its every step.
            "weasyprint": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            # The access log tells of every sign-in.
            "axes": {"level": "WARNING"},
            "fido2": {"level": "WARNING"},
        },
    }


def formatter_class(form: str) -> type[logging.Formatter]:
    """The formatter named by ``RBP_LOG_FORMAT``."""
    return JsonFormatter if form == "json" else LineFormatter


def described(error: BaseException) -> str:
    """An error without its text: its class and, where it has them, codes that hold no data.

    SQLSTATE, constraint and table of a database error; the number of an error of the system.
    """
    words = [f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")]
    source: Any = error if hasattr(error, "pgcode") else error.__cause__
    diagnosis = getattr(source, "diag", None)
    for name, value in (
        ("SQLSTATE", getattr(source, "pgcode", None)),
        ("constraint", getattr(diagnosis, "constraint_name", None)),
        ("table", getattr(diagnosis, "table_name", None)),
        ("errno", getattr(error, "errno", None)),
    ):
        if value:
            words.append(f"{name} {value}")
    return " ".join(words)


class _Formatter(logging.Formatter):
    """Gathers what may be told about a record."""

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """Name and value, in the order in which they are written."""
        fields: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if request_id := REQUEST_ID.get():
            fields["request"] = request_id
        fields |= {name: getattr(record, name) for name in _REQUEST_FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            fields["errors"] = list(_chain(record.exc_info[1]))
        return fields


class LineFormatter(_Formatter):
    """For people: one line, and below it where an error came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, then name=value."""
        fields = self.fields(record)
        errors = fields.pop("errors", [])
        head = " ".join(str(fields.pop(name)) for name in ("time", "level", "logger", "message"))
        line = " ".join([head, *(f"{name}={value}" for name, value in fields.items())])
        told = [f"{error['error']}\n{''.join(error['at'])}".rstrip() for error in errors]
        return "\n".join([line.replace("\n", " "), *told])


class JsonFormatter(_Formatter):
    """For machines: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The same fields; ``errors`` from the last one to its causes."""
        return json.dumps(self.fields(record), ensure_ascii=False, default=str)


def _rank(level: str) -> int:
    return logging.getLevelNamesMapping()[level]


def _message(record: logging.LogRecord) -> str:
    """What a record says; of talkative loggers only what they say of themselves."""
    if record.name.startswith(_TALKATIVE[:2]):
        status = getattr(record, "status_code", None)
        return f"{status} {HTTPStatus(status).phrase}" if status else "refused"
    if record.name == _TALKATIVE[2] and record.levelno >= logging.WARNING:
        return _without_request(record)
    if isinstance(record.args, tuple):
        safe = tuple(described(a) if isinstance(a, BaseException) else a for a in record.args)
        return str(record.msg) % safe if safe else str(record.msg)
    return record.getMessage()


def _without_request(record: logging.LogRecord) -> str:
    """A warning of gunicorn without what it quotes of a request; numbers may stay."""
    if not record.args or not isinstance(record.args, tuple):
        # "Invalid request from ip=...: what stood in it".
        return str(record.msg).partition(": ")[0]
    safe = tuple(value if isinstance(value, int | float) else "…" for value in record.args)
    return str(record.msg) % safe


def _chain(error: BaseException) -> Iterator[dict[str, Any]]:
    """An error and what led to it, each with the lines of code it passed through."""
    following: BaseException | None = error
    while following is not None:
        at = traceback.format_tb(following.__traceback__)
        yield {"error": described(following), "at": at}
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)
