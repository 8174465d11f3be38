"""Lines of the access log as a CSV file: codes, times in UTC, and each line's digest."""

import json
from collections.abc import Callable

from scoring.models.audit_digest import moment_text
from scoring.report.csv_file import Column, CsvLayout, text, whole


def _id(value: object) -> str:
    return "" if value is None else str(value)


def _detail(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _column(name: str, source: str, write: Callable[..., str]) -> Column:
    return Column(name, (source,), write)


LOG = CsvLayout(
    (
        _column("line", "id", whole),
        _column("at_utc", "at", moment_text),
        _column("username", "actor", text),
        _column("name", "actor_name", text),
        _column("action", "action", text),
        _column("hospital_number", "hospital_number", text),
        _column("patient_id", "patient_id", _id),
        _column("assessment_id", "assessment_id", _id),
        _column("address", "address", lambda value: text(value or "")),
        _column("detail", "detail", _detail),
        _column("digest", "digest", text),
    )
)
