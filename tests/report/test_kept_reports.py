"""Reports made beside the site, and printed without the renderer."""

from contextlib import ExitStack
from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from scoring import actions
from scoring.http import printing
from scoring.management.doctor import database
from scoring.management.kept_reports import make_a_report
from scoring.models import AuditEvent, KeptReport, PaperKind, Role, User
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.report.renderer import ReportTimeoutError
from tests import cast
from tests.life import acts
from tests.report.kept import NAMES, REPORT, SHEET, found, in_a_ward, made_beside, printed
from tests.report.paper import body
from tests.web.html import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pdf_of")]


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
    in_a_ward(paper="Letter")(of)
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


def test_an_outcome_corrected_while_the_report_is_made(pdf_of: mock.Mock) -> None:
    """The PDF does not say what was corrected: it must not count as one that does."""
    answers = cast.study_answers(**{Criterion.NEW_VERTEBRAL_FRACTURE: Answer.NOT_ASSESSED})
    of = cast.recorded(entry=cast.worked_example(answers=answers))
    first = acts.outcome(of, acts.measured(30, 5))

    def meanwhile(_html: str, **_more: Any) -> bytes:
        pdf_of.side_effect = None
        acts.outcome(of, acts.measured(30, 5, new_fracture=False), expected=first)
        return body()

    pdf_of.side_effect = meanwhile
    client = signed_in(cast.bob())
    assert [printed(client, of).status_code for _ in range(2)] == [200, 200]
    assert pdf_of.call_count == 2
    assert "New vertebral fracture: none by day 30." in pdf_of.call_args.args[0]


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


@pytest.mark.parametrize("failure", [ReportTimeoutError, KeyError])
def test_the_newest_first_and_one_that_fails_holds_up_no_other(
    pdf_of: mock.Mock, failure: type[Exception]
) -> None:
    older, newer = cast.recorded(), cast.recorded(cast.person("H2"))
    pdf_of.side_effect = failure("late")
    with pytest.raises(failure):
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
