"""Reports made beside the site: printed without the renderer, and never when they hold no more."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader
from pytest_django import Settings

from scoring import actions, queries
from scoring.http import printing
from scoring.management import kept_reports
from scoring.management.doctor import database
from scoring.management.kept_reports import make_a_report
from scoring.models import (
    Assessment,
    AuditEvent,
    KeptReport,
    PaperKind,
    Role,
    User,
    WardSettings,
)
from scoring.models.codes import PaperSize
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.report import paper
from scoring.report.renderer import ReportTimeoutError
from tests import cast
from tests.life import acts
from tests.recalibration import local
from tests.report.paper import body
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db
REPORT, SHEET = PaperKind.REPORT, PaperKind.PATIENT_SHEET
NAMES = {REPORT: "assessment-report", SHEET: "assessment-patient-sheet"}


@pytest.fixture(autouse=True)
def pdf_of() -> Iterator[mock.Mock]:
    """The renderer, which answers every document of site and background with the same PDF."""
    made = mock.Mock(return_value=body())
    site = mock.patch.object(printing, "pdf_of", made)
    with site, mock.patch.object(kept_reports, "pdf_of", made):
        yield made


def made_beside() -> None:
    """As many rounds of the background work as there are reports waiting."""
    while kept_reports.waiting_since(timezone.now() + timedelta(days=1)):
        make_a_report()


def printed(client: Client, of: Assessment, kind: PaperKind = REPORT, **asked: str) -> Any:
    return client.get(reverse(NAMES[kind], args=[of.pk]), asked)


def digest(of: Assessment, kind: PaperKind = REPORT, *, size: PaperSize = PaperSize.A4) -> str:
    """As the next print finds it."""
    ward = queries.ward_settings()
    with timezone.override(None):
        ward.activate_time_zone()
        return paper.digest(kind, acts.read(of.pk), ward, size)


def found(of: Assessment) -> bytes | None:
    """What the next print of the report finds."""
    return queries.kept_report(of, REPORT, language="en", size=PaperSize.A4, digest=digest(of))


@pytest.mark.parametrize("kind", PaperKind)
def test_after_saving_it_is_made_beside_the_site_and_printed_without_the_renderer(
    pdf_of: mock.Mock, kind: PaperKind
) -> None:
    of = cast.recorded()
    made_beside()
    assert pdf_of.call_count == 2
    make_a_report()
    response = printed(signed_in(cast.bob()), of, kind)
    assert pdf_of.call_count == 2
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(body())
    line = AuditEvent.objects.latest("id")
    expected = {REPORT: "report_printed", SHEET: "patient_sheet_printed"}[kind]
    assert (line.action, line.assessment_id) == (expected, of.pk)


def test_those_of_the_wards_language_and_paper_are_made_first(pdf_of: mock.Mock) -> None:
    """Then those of a language that a user chose; whatever else is printed is kept from then on."""
    of, bob = cast.recorded(), cast.bob()
    _ward(paper="Letter")(of)
    User.objects.filter(pk=bob.pk).update(language="zh-hans")
    made_beside()
    kept = KeptReport.objects.order_by("made_at").values_list("language", "paper")
    assert list(kept) == [*[("en", "Letter")] * 2, *[("zh-hans", "Letter")] * 2]
    client = signed_in(bob)
    for _ in range(2):
        assert printed(client, of, language="zh-hans", paper="a4").status_code == 200
    assert pdf_of.call_count == 5
    assert KeptReport.objects.filter(language="zh-hans", paper="A4").count() == 1
    document = pdf_of.call_args.args[0]
    assert '<html lang="zh-CN">' in document
    assert '<meta name="paper" content="A4">' in document


@pytest.mark.parametrize("kind", PaperKind)
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"paper": "A3"}, "reports are printed on A4 (a4) or US Letter (letter)."),
        ({"language": "fr"}, "reports are printed in English (en) or Chinese (zh-hans)."),
    ],
)
def test_what_is_not_there_is_refused_in_words(
    pdf_of: mock.Mock, kind: PaperKind, asked: dict[str, str], said: str
) -> None:
    """And the access log has no line of a print."""
    of, client = cast.recorded(), signed_in(cast.bob())
    response = client.get(reverse(NAMES[kind], args=[of.pk]), asked, follow=True)
    assert response.redirect_chain == [(reverse("assessment-result", args=[of.pk]), 302)]
    assert f"Nothing was printed: {said}" in response.content.decode()
    assert not pdf_of.called
    actions_logged = AuditEvent.objects.values_list("action", flat=True)
    assert not {"report_printed", "patient_sheet_printed"} & set(actions_logged)


def test_one_that_is_missing_is_made_by_the_print_and_kept(pdf_of: mock.Mock) -> None:
    of, client = cast.recorded(), signed_in(cast.bob())
    assert [printed(client, of).status_code for _ in range(3)] == [200, 200, 200]
    assert pdf_of.call_count == 1
    html = pdf_of.call_args.args[0]
    assert "printed-foot" in html
    assert "Dr Bob" not in html


def test_the_same_printer_at_the_same_time_gets_the_same_bytes() -> None:
    of, bob, alice = cast.recorded(), signed_in(cast.bob()), signed_in(cast.alice())
    now = timezone.now()
    with mock.patch.object(timezone, "now", return_value=now):
        first, again, others = (printed(c, of).content for c in (bob, bob, alice))
    with mock.patch.object(timezone, "now", return_value=now + timedelta(minutes=1)):
        later = printed(bob, of).content
    assert first == again
    assert first not in {others, later}
    assert all(each.startswith(body()) for each in (first, others, later))


def _fracture(of: Assessment, *, new: bool) -> None:
    entry = acts.measured(30, 5, new_fracture=False)
    if new:
        entry = replace(acts.not_evaluable(30, "new_fracture"), new_fracture=True)
    acts.outcome(of, entry)


def _ward(**changes: Any) -> Callable[[Assessment], None]:
    def change(_of: Assessment) -> None:
        before = WardSettings.objects.order_by("-revision").first() or WardSettings.initial()
        for name, value in changes.items():
            setattr(before, name, value)
        before.revision += 1
        before.changed_at = timezone.now()
        before.save(force_insert=True)

    return change


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
    "hospital": _ward(hospital_name="First Hospital"),
    "ward": _ward(ward_name="Ward 7"),
    "time zone": _ward(time_zone="Pacific/Auckland"),
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


def test_one_kept_is_printed_while_the_renderer_is_down_or_busy(pdf_of: mock.Mock) -> None:
    of, other = cast.recorded(), cast.recorded(cast.person("H2"))
    made_beside()
    KeptReport.objects.filter(assessment=other).delete()
    pdf_of.side_effect = ReportTimeoutError("late")
    client = signed_in(cast.bob())
    client.raise_request_exception = False
    assert [printed(client, each).status_code for each in (of, other)] == [200, 503]
    with ExitStack() as taken:
        while printing._places.acquire(blocking=False):
            taken.callback(printing._places.release)
        assert [printed(client, each).status_code for each in (of, other)] == [200, 503]


def test_a_print_while_the_background_makes_the_same(pdf_of: mock.Mock) -> None:
    of, client = cast.recorded(), signed_in(cast.bob())

    def meanwhile(_html: str, **_more: Any) -> bytes:
        pdf_of.side_effect = None
        assert printed(client, of).status_code == 200
        return body()

    pdf_of.side_effect = meanwhile
    make_a_report()
    assert KeptReport.objects.filter(assessment=of, kind=REPORT).count() == 1
    assert found(of) == body()


def test_one_that_is_kept_while_its_print_waits_is_not_made_again(
    pdf_of: mock.Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    of, client = cast.recorded(), signed_in(cast.bob())
    monkeypatch.setattr(printing, "_turn", waits := mock.Mock())

    def meanwhile(**_limit: float) -> bool:
        make_a_report()
        return True

    waits.acquire.side_effect = meanwhile
    assert printed(client, of).status_code == 200
    assert pdf_of.call_count == 1
    waits.release.assert_called_once_with()
    # Where others take too long, it is given up, and its place is free again.
    other = cast.recorded(cast.person("H2"))
    waits.acquire.side_effect = lambda **_limit: False
    client.raise_request_exception = False
    places = printing._places._value
    assert printed(client, other).status_code == 503
    assert (pdf_of.call_count, printing._places._value) == (1, places)


def test_a_version_saved_while_its_report_is_made(pdf_of: mock.Mock) -> None:
    of = acts.provisional()

    def meanwhile(_html: str, **_more: Any) -> bytes:
        pdf_of.side_effect = None
        acts.completed(of)
        return body()

    pdf_of.side_effect = meanwhile
    assert printed(signed_in(cast.bob()), of).status_code == 200
    assert found(of) is None


def test_rights_are_asked_first() -> None:
    of = cast.recorded()
    made_beside()
    assert printed(signed_in(cast.adam()), of).status_code == 403
    assert printed(Client(), of).status_code == 302


def test_a_name_that_is_written_from_right_to_left_takes_the_renderer(pdf_of: mock.Mock) -> None:
    of = cast.recorded()
    made_beside()
    pdf_of.reset_mock()
    client = signed_in(cast.account("ali", "د. علي", Role.CLINICIAN))
    assert printed(client, of).status_code == 200
    assert "د. علي" in pdf_of.call_args.args[0]


def test_chinese_and_changed_names_take_no_renderer(pdf_of: mock.Mock) -> None:
    of, wang = cast.recorded(), cast.account("wang", "王小明", Role.CLINICIAN)
    made_beside()
    pdf_of.reset_mock()
    client = signed_in(wang)
    for name in ("王小明", "王小红"):
        User.objects.filter(pk=wang.pk).update(display_name=name)
        text = PdfReader(BytesIO(printed(client, of).content)).pages[0].extract_text()
        assert text.endswith(f"by {name}")
    assert not pdf_of.called


def test_superseded_and_old_ones_are_removed() -> None:
    first, other = acts.provisional(), cast.recorded(cast.person("H2"))
    made_beside()
    KeptReport.objects.filter(assessment=other).update(
        made_at=timezone.now() - timedelta(days=30, hours=1)
    )
    last = acts.completed(first)
    make_a_report()
    assert {kept.assessment_id for kept in KeptReport.objects.all()} == {last.pk}
    # A superseded version is printed, but not kept.
    assert printed(signed_in(cast.bob()), first).status_code == 200
    actions.remove_kept_reports()
    assert {kept.assessment_id for kept in KeptReport.objects.all()} == {last.pk}


def test_the_newest_first_and_one_that_fails_holds_up_no_other(pdf_of: mock.Mock) -> None:
    older, newer = cast.recorded(), cast.recorded(cast.person("H2"))
    pdf_of.side_effect = ReportTimeoutError("late")
    with pytest.raises(ReportTimeoutError):
        make_a_report()
    assert newer.chain.report_number in pdf_of.call_args.args[0]
    pdf_of.side_effect = None
    make_a_report()
    assert pdf_of.call_args.args[0] != pdf_of.call_args_list[0].args[0]
    made_beside()
    assert KeptReport.objects.filter(assessment__in=[older, newer]).count() == 4


def test_versions_of_days_ago_are_made_when_they_are_printed() -> None:
    with mock.patch.object(timezone, "now", return_value=timezone.now() - timedelta(days=2)):
        of = cast.recorded()
    make_a_report()
    assert not KeptReport.objects.exists()
    assert printed(signed_in(cast.bob()), of).status_code == 200
    assert KeptReport.objects.filter(assessment=of).exists()


def test_doctor_counts_reports_that_wait_for_long() -> None:
    assert list(database.reports_are_made_ahead()) == []
    with mock.patch.object(timezone, "now", return_value=timezone.now() - timedelta(hours=1)):
        cast.recorded()
    [found] = database.reports_are_made_ahead()
    assert found.text.startswith("2 reports are not made yet")
    assert not found.wrong
    made_beside()
    assert list(database.reports_are_made_ahead()) == []
