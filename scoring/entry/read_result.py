"""A result that was read from a hospital's FHIR server, as a value of a form is taken from it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class ReadResult:
    """One Observation of one predictor, in the unit of the predictor, with all that it said.

    ``site`` is "" where the user chooses it. ``source`` says what measured it, as far as the
    server does. ``value_text``, ``unit``, ``code`` (system|code) and ``status`` are as sent.
    ``reference`` is that of the resource on its server, ``version`` its version there or "".
    ``resource`` is the JSON of the elements that were read.
    """

    field: str
    value: Decimal
    day: date
    moment: datetime | None
    site: str
    source: str
    value_text: str
    unit: str
    code: str
    status: str
    reference: str
    version: str
    resource: str


@dataclass(frozen=True, kw_only=True)
class ResultOfServer:
    """A result, the server (by its name and FHIR base address), and about whom it was read."""

    server: str
    base: str
    hospital_number: str
    birth_date: date | None
    result: ReadResult
