"""What changes makes a kept report again: none is printed that holds no more."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from scoring import queries
from scoring.http import printing
from scoring.models import Assessment, KeptReport, PaperKind
from scoring.models.codes import PaperSize
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.report import paper
from tests import cast
from tests.life import acts
from tests.recalibration import local
from tests.report.kept import REPORT, SHEET, digest, in_a_ward, printed
from tests.report.paper import body
from tests.web.html import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pdf_of")]


def _fracture(of: Assessment, *, new: bool) -> None:
    entry = acts.measured(30, 5, new_fracture=False)
    if new:
        entry = replace(acts.not_evaluable(30, "new_fracture"), new_fracture=True)
    acts.outcome(of, entry)


def _correct(of: Assessment) -> None:
    acts.corrected(of.patient, cast.person(given_name="Xiaohong"))


CHANGES: dict[str, Callable[[Assessment], object]] = {
    "completed": acts.completed,
    "amended": acts.amended,
    "voided": acts.voided,
    "cancelled": acts.cancelled,
    "without radiograph": acts.without_radiograph,
    "identity corrected": _correct,
    "fracture by day 30": lambda of: _fracture(of, new=True),
    "no fracture by day 30": lambda of: _fracture(of, new=False),
    "hospital": in_a_ward(hospital_name="First Hospital"),
    "ward": in_a_ward(ward_name="Ward 7"),
    "time zone": in_a_ward(time_zone="Pacific/Auckland"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_makes_it_again(what: str, pdf_of: mock.Mock) -> None:
    answers = cast.study_answers(**{Criterion.NEW_VERTEBRAL_FRACTURE: Answer.NOT_ASSESSED})
    of = cast.recorded(entry=cast.before_the_radiograph(answers=answers))
    client = signed_in(cast.bob())
    printed(client, of)
    before = pdf_of.call_args.args[0]
    assert pdf_of.call_count == 1
    CHANGES[what](of)
    printed(client, of)
    assert pdf_of.call_count == 2
    assert pdf_of.call_args.args[0] != before


def test_a_correction_of_an_outcome_makes_it_again() -> None:
    answers = cast.study_answers(**{Criterion.NEW_VERTEBRAL_FRACTURE: Answer.NOT_ASSESSED})
    of = cast.recorded(entry=cast.worked_example(answers=answers))
    first = acts.outcome(of, acts.measured(30, 5))
    before = digest(of)
    acts.outcome(of, acts.measured(30, 5, new_fracture=False), expected=first)
    assert digest(of) != before


def test_another_program_language_font_or_address_makes_it_again(settings: Settings) -> None:
    of = cast.recorded()
    digests = [digest(of)]
    with mock.patch.object(paper, "_PROGRAM", "another version"):
        digests.append(digest(of))
    with mock.patch.object(paper, "printable", return_value="one font more"):
        digests.append(digest(of))
    with translation.override("zh-hans"):
        digests.append(digest(of))
    digests.append(digest(of, size=PaperSize.LETTER))
    settings.PUBLIC_URL = "https://rbp.hospital.example"
    digests += [digest(of), digest(of, SHEET)]
    assert len(set(digests)) == len(digests)
    assert digest(of) == digests[5]


def test_each_language_and_paper_has_a_report_of_its_own(pdf_of: mock.Mock) -> None:
    """Making the second one takes nothing from the first, and each is printed from its own."""
    of, ward = cast.recorded(), queries.ward_settings()
    bodies = {}
    for size, language in product(PaperSize, ("en", "zh-hans")):
        # Bytes that no reader looks at.
        mark = f"{size[0]}-{language[0]}-"[:4].encode()
        pdf_of.return_value = body().replace("🖤".encode(), mark)
        with translation.override(language):
            bodies[size, language] = printing._paper(REPORT, of, "Dr Bob", ward, size)
        assert mark in bodies[size, language]
    pdf_of.return_value = body()
    for (size, language), made in bodies.items():
        with translation.override(language):
            again = printing._paper(REPORT, of, "Dr Bob", ward, size)
        assert again[:20] == made[:20]
    assert len({made[:20] for made in bodies.values()}) == 4
    assert KeptReport.objects.filter(assessment=of).count() == 4
    assert pdf_of.call_count == 4


def test_the_program_is_what_makes_reports() -> None:
    names = {path.name for path in paper._program_files()}
    assert {"report.html", "report.css", "elements.css", "sheet.py", "requirements.txt"} <= names
    assert {"svg.py", "icon_array.svg"} <= names


def test_recalibrations_change_nothing_that_is_on_record() -> None:
    """A version keeps the curve that it was made with: only new versions have another one."""
    of = cast.recorded()
    before = paper.HTML[REPORT](acts.read(of.pk), printed_by=None, ward="", size=PaperSize.A4)
    curve = local.approved()
    assert (
        paper.HTML[REPORT](acts.read(of.pk), printed_by=None, ward="", size=PaperSize.A4) == before
    )
    adjusted = cast.recorded(cast.person("H2"))
    html = paper.HTML[REPORT](acts.read(adjusted.pk), printed_by=None, ward="", size=PaperSize.A4)
    assert "recalibrated version 1" in html
    local.retired(curve)
    assert (
        paper.HTML[REPORT](acts.read(adjusted.pk), printed_by=None, ward="", size=PaperSize.A4)
        == html
    )


@pytest.mark.parametrize("kind", PaperKind)
def test_the_html_reads_nothing_else(kind: PaperKind, settings: Settings) -> None:
    """Whoever lets it read another table that changes has to put that into the digest."""
    settings.PUBLIC_URL = "https://rbp.hospital.example"
    local.approved()
    answers = cast.study_answers(**{Criterion.NEW_VERTEBRAL_FRACTURE: Answer.NOT_ASSESSED})
    first = cast.recorded(entry=cast.before_the_radiograph(answers=answers))
    for of in (first, acts.completed(first)):
        loaded = acts.read(of.pk)
        with CaptureQueriesContext(connection) as asked:
            paper.HTML[kind](loaded, printed_by=None, ward="Ward 7", size=PaperSize.A4)
        tables = {name for each in asked for name in re.findall(r'"(scoring_\w+)"\.', each["sql"])}
        assert tables <= {
            "scoring_assessment",
            # A message and a result never change; the newest result is in the digest.
            "scoring_laboratorymessage",
            "scoring_laboratoryresult",
            "scoring_laboratorysource",
            "scoring_outcome",
            "scoring_recalibratedrisk",
            "scoring_recalibration",
        }
