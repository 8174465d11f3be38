"""Assessments as a CSV file for statistics: one version a row, identified or de-identified.

Codes and column names are the same in every language; numbers have a decimal point, and their
unit stands in the column's name. Without identifiers there are no names, hospital or report
numbers, birth dates, free texts or staff; every date is a number of days from the operation.
Ages of 90 and more stay in the file, as points and totals tell the age, too; so do sex, vertebra,
results and intervals. Somebody may be recognized by them: the file is patient data.
A pseudonym is the same for the same patient in every file of one installation: it is
HMAC-SHA256 of the patient's random id under the site's secret key, so that nobody without the
key can tell whom it stands for. A new secret key begins new pseudonyms.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from scoring.files.safe_cells import FORMULA_STARTS
from scoring.files.scored import BYTE_ORDER_MARK
from scoring.models.codes import UNCOUNTED
from scoring.models.readback import SCENARIO_FIELDS
from scoring.nomogram.eligibility import Criterion
from scoring.nomogram.rong2025.model import AGE, RONG_2025

ROWS_AT_ONCE = 200
_PSEUDONYM_CHARACTERS = 20
# Points are exact with six decimals: 3.47 times a number with four.
_DECIMALS = 6


def text(value: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def csv_number(value: Any) -> str:
    """A number without noise or trailing zeros; empty where there is none."""
    if value is None:
        return ""
    written = f"{value:.{_DECIMALS}f}"
    return written.rstrip("0").rstrip(".")


def csv_yes_no(value: bool | None) -> str:
    """yes, no, or empty where it is not known."""
    if value is None:
        return ""
    return "yes" if value else "no"


def whole(value: int | None) -> str:
    """A whole number; empty where there is none."""
    return "" if value is None else str(value)


def day(value: date | None) -> str:
    """2026-03-14; empty where there is none."""
    return "" if value is None else value.isoformat()


def moment(value: datetime) -> str:
    """2026-03-14T09:42:00+08:00, in the ward's own time."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def days_from(value: date | datetime | None, operation_date: date) -> str:
    """Days from the operation, negative before it; empty where there is no date."""
    if value is None:
        return ""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return str((on - operation_date).days)


def patient_pseudonym(patient_id: object) -> str:
    """Pseudonym of a patient."""
    return _pseudonym("scoring.csv_file.patient", patient_id)


def assessment_pseudonym(chain_id: object) -> str:
    """Pseudonym of an assessment, the same for all its versions."""
    return _pseudonym("scoring.csv_file.assessment", chain_id)


def _pseudonym(salt: str, value: object) -> str:
    digest = salted_hmac(salt, str(value), algorithm="sha256").hexdigest()
    return digest[:_PSEUDONYM_CHARACTERS]


def state(own: str, version_id: object, current_id: object) -> str:
    """The state a list shows: superseded comes before what a version is in itself."""
    return own if version_id == current_id else "superseded"


def outcome(rbp: str, chain_state: str) -> str:
    """Residual back pain; not counted of a void or a cancelled operation."""
    return "not_counted" if chain_state in UNCOUNTED else rbp


def _if_theirs(write: Callable[..., str], otherwise: str = "") -> Callable[..., str]:
    """What became of an assessment, unless it went with it from this patient to another."""
    return lambda patient_id, of, *values: write(*values) if patient_id == of else otherwise


def report_number(year: int, serial: int) -> str:
    """RBP-2026-000347."""
    return f"RBP-{year}-{serial:06d}"


@dataclass(frozen=True)
class Column:
    """A column of the file: its name, the columns of the record it is made from, and how."""

    name: str
    sources: tuple[str, ...]
    write: Callable[..., str]


@dataclass(frozen=True)
class CsvLayout:
    """The columns of one kind of file."""

    columns: tuple[Column, ...]

    @property
    def sources(self) -> list[str]:
        """The columns of the record that the file needs, each once."""
        return list(dict.fromkeys(s for column in self.columns for s in column.sources))

    def lines(self, rows: Iterable[Sequence[Any]]) -> Iterator[str]:
        """The file in pieces of some rows; ``rows`` hold what ``sources`` names, in its order."""
        place = {source: index for index, source in enumerate(self.sources)}
        # A single source, which nearly every column has, is read without making a tuple of it.
        plain = [
            (place[column.sources[0]], column.write) if len(column.sources) == 1 else None
            for column in self.columns
        ]
        several = [[place[source] for source in column.sources] for column in self.columns]
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        buffer.write(BYTE_ORDER_MARK)
        writer.writerow([column.name for column in self.columns])
        for counted, row in enumerate(rows, start=1):
            cells = []
            for index, column in enumerate(self.columns):
                single = plain[index]
                if single is not None:
                    cells.append(single[1](row[single[0]]))
                else:
                    cells.append(column.write(*(row[i] for i in several[index])))
            writer.writerow(cells)
            if counted % ROWS_AT_ONCE == 0:
                yield _taken(buffer)
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    content = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return content


def _same(write: Callable[..., str], *names: str) -> list[Column]:
    return [Column(name, (name,), write) for name in names]


def _dates(*names: str, identified: bool) -> list[Column]:
    if identified:
        return _same(day, *names)
    return [
        Column(f"{name.removesuffix('_date')}_days_from_operation", (name, OPERATION), days_from)
        for name in names
    ]


def _of_chain(write: Callable[..., str], *names: str) -> list[Column]:
    return [Column(name, (*_WHOSE, f"chain__{name}"), _if_theirs(write)) for name in names]


OPERATION = "operation_date"
# The patient of a version, and the one of its assessment now.
_WHOSE = ("patient_id", "chain__current__patient_id")


def _who(identified: bool) -> list[Column]:
    version = [
        *_same(whole, "version"),
        Column("state", ("state", "id", "chain__current_id"), state),
        *_same(text, "change"),
    ]
    synthetic = Column("synthetic", ("patient__synthetic",), csv_yes_no)
    sex = Column("sex", ("patient__sex",), text)
    if not identified:
        return [
            Column("patient_pseudonym", ("patient_id",), patient_pseudonym),
            Column("assessment_pseudonym", ("chain_id",), assessment_pseudonym),
            *version,
            Column("assessed_days_from_operation", ("created_at", OPERATION), days_from),
            sex,
            synthetic,
        ]
    serial = ("chain__report_year", "chain__report_serial")
    return [
        Column("report_number", serial, report_number),
        *version,
        *_same(text, "reason"),
        Column("assessed_at", ("created_at",), moment),
        Column("assessed_by", ("created_by_name",), text),
        Column("hospital_number", ("patient__hospital_number",), text),
        Column("family_name", ("patient__family_name",), text),
        Column("given_name", ("patient__given_name",), text),
        Column("birth_date", ("patient__birth_date",), day),
        sex,
        synthetic,
        *_same(day, OPERATION),
        Column("operation_time", ("operation_time",), lambda at: f"{at:%H:%M}" if at else ""),
    ]


def _inputs(*, identified: bool) -> Iterator[Column]:
    """Every predictor but the age, with site and date of its source."""
    for field, beside in RONG_2025.provenances.items():
        yield from _same(csv_number if field in RONG_2025.numeric else csv_yes_no, field)
        if beside.site_field:
            yield from _same(text, beside.site_field)
        yield from _dates(beside.date_field, identified=identified)


def _layout(*, identified: bool) -> CsvLayout:
    return CsvLayout(
        (
            *_who(identified),
            *_same(text, "operation_status", "fracture_level"),
            *_same(text, *(criterion.value for criterion in Criterion), "population"),
            *_same(whole, AGE.field),
            *_same(text, "age_source"),
            *_inputs(identified=identified),
            *_same(csv_number, *(f"points_{key}" for key in RONG_2025.by_key)),
            *_same(csv_number, *(f"restored_{name}" for name in SCENARIO_FIELDS)),
            *_same(csv_number, *(f"not_restored_{name}" for name in SCENARIO_FIELDS)),
            *_same(text, "model_identifier", "model_version"),
            Column("recalibration", ("recalibrated__recalibration__number",), whole),
            *(
                Column(f"recalibrated_{name}", (f"recalibrated__{name}",), csv_number)
                for name in ("restored_risk", "not_restored_risk")
            ),
            *_of_chain(whole, "vas_day_3", "vas_day_30"),
            *_of_chain(text, "day_3", "day_30"),
            Column(
                "residual_back_pain",
                (*_WHOSE, "chain__rbp", "chain__state"),
                _if_theirs(outcome, "not_counted"),
            ),
        )
    )


IDENTIFIED = _layout(identified=True)
DE_IDENTIFIED = _layout(identified=False)
