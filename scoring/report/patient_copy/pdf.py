"""A patient's copy on paper: the record in words, then who looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string

from scoring.models import Assessment, AuditEvent, PatientCorrection
from scoring.models.codes import PaperSize
from scoring.models.patient import Sex
from scoring.models.patient_correction import IDENTITY_FIELDS
from scoring.nomogram.eligibility import Answer
from scoring.report.changes import ANSWERS
from scoring.report.log_words import log_details
from scoring.report.patient_copy.content import CopiedAssessment, PatientCopy
from scoring.report.rows import identity_text
from scoring.report.sheet import Sheet, has_long_name
from scoring.words.dates import moment_text
from scoring.words.eligibility import CRITERION_NAMES, criteria_text
from scoring.words.marks import labelled, parts
from scoring.words.types import Words

# A renderer is busy with so many for about ten seconds; others wait for it meanwhile.
LINES_PRINTED = 1000


@dataclass(frozen=True)
class _PrintedLine:
    """A line of the access log in words."""

    event: AuditEvent
    assessment: Assessment | None
    details: str


@dataclass(frozen=True)
class _PrintedAssessment:
    """One assessment in words: its versions, each with the answers about eligibility."""

    copied: CopiedAssessment
    versions: list[tuple[Sheet, list[tuple[Words, str]]]]


def copy_html(copy: PatientCopy, *, paper: PaperSize) -> str:
    """The copy as HTML that carries everything it shows.

    Of the access log at most ``LINES_PRINTED`` lines, the newest.
    """
    printed = copy.events[-LINES_PRINTED:]
    return render_to_string(
        "scoring/patient_copy_report.html",
        {
            "copy": copy,
            "patient": copy.patient,
            "corrections": [
                (one, _identity(one, "old"), _identity(one, "new")) for one in copy.corrections
            ],
            "assessments": [_in_words(one) for one in copy.assessments],
            "lines": [_line(event, copy.versions_by_id) for event in printed],
            "lines_before": len(copy.events) - len(printed),
            "has_long_name": has_long_name(copy.patient),
            "ward": copy.ward,
            "paper": paper,
            "printed_by": str(copy.made_by),
            "printed_at": moment_text(copy.made_at),
        },
    )


def _identity(correction: PatientCorrection, prefix: str) -> str:
    """The identity before (``old``) or after (``new``) a correction."""
    number, family, given, born, sex = (
        getattr(correction, f"{prefix}_{field}") for field in IDENTITY_FIELDS
    )
    return parts(number, identity_text(family, given, born), Sex(sex).label)


def _in_words(copied: CopiedAssessment) -> _PrintedAssessment:
    return _PrintedAssessment(
        copied, [(Sheet(version), _answers(version)) for version in copied.versions]
    )


def _answers(version: Assessment) -> list[tuple[Words, str]]:
    """Each answer that was given, with the criteria it was given for."""
    given: dict[Answer, list[Words]] = {answer: [] for answer in Answer}
    for criterion, answer in version.answers.items():
        given[answer].append(CRITERION_NAMES[criterion])
    return [(ANSWERS[a], criteria_text(criteria)) for a, criteria in given.items() if criteria]


def _line(event: AuditEvent, versions: Mapping[str, Assessment]) -> _PrintedLine:
    superseded = versions.get(str(event.detail.get("supersedes")))
    details = log_details(event, superseded=superseded)
    return _PrintedLine(
        event,
        versions.get(str(event.assessment_id)),
        " · ".join(labelled(name, value) for name, value in details),
    )
