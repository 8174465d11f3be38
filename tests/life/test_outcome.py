"""Pain at day 3 and day 30: recorded when it becomes known, corrected with a reason."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.test import Client

from scoring import queries
from scoring.models import Assessment, AssessmentChain, Outcome
from scoring.models.codes import TimePoint
from tests import cast
from tests.life import acts, browse
from tests.life.outcome_pages import NAMES, record_outcome, written_day
from tests.web.html import Page

pytestmark = pytest.mark.django_db
VAS = (None, 3, 4, 10, "lost")


@pytest.fixture
def of() -> Assessment:
    return cast.recorded()


@pytest.mark.parametrize("day", [3, 30])
def test_recorded_in_one_page_from_the_result(client: Client, of: Assessment, day: int) -> None:
    page = browse.opened(client, "assessment-result", of)
    at = browse.links(page)[f"Record VAS day {day}"]
    assert at == browse.address(NAMES[day], of)
    form = Page(client.get(at))
    assert f"due on {'16-Mar-2025' if day == 3 else '12-Apr-2025'}" in form.text
    assert not [control for control in form.controls if control.name == "reason"]
    data = browse.as_shown(form) | {"vas": "7", "measured_on": written_day(day)}
    led = browse.led_to(client.post(at, data))
    assert led == browse.address("assessment-result", of)
    assert browse.messages(client, led) == [f"Outcome of day {day} recorded."]
    kept = Outcome.objects.get()
    assert (kept.time_point, kept.vas, kept.version, kept.reason) == (day, 7, 1, "")
    assert (kept.created_by_name, kept.cautions) == ("Dr Alice Moore", [])
    assert "Dr Alice Moore" in browse.section(Page(client.get(led)), "h-outcome")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("lost", "lost to follow-up"),
        ("died", "died"),
        ("reoperated", "operated again"),
        ("new_fracture", "new vertebral fracture"),
        ("not_asked", "not asked / not documented"),
    ],
)
def test_why_it_cannot_be_told(client: Client, of: Assessment, code: str, words: str) -> None:
    kept = record_outcome(client, of, vas="", measured_on="", not_evaluable=code)
    assert (kept.vas, kept.measured_on, kept.not_evaluable) == (None, None, code)
    said = browse.section(browse.opened(client, "assessment-result", of), "h-outcome")
    assert words in said
    assert "Residual back pain: not evaluable" in said
    (first, second) = browse.rows(browse.opened(client, "assessment-result", of), "h-outcome")
    assert (first[2:4], second[2:4]) == ([words, "—"], ["not yet", "—"])
    (told,) = browse.rows(browse.opened(client, NAMES[3], of), "h-record")
    assert told[:2] == [words, "—"]


def _rbp(first: int | str | None, second: int | str | None) -> str:
    """Section 2.1, once more: VAS 4 or more at 3 days and at 1 month."""
    if "lost" in (first, second):
        return "not evaluable"
    if first is None or second is None:
        return "not yet"
    return "yes" if int(first) >= 4 and int(second) >= 4 else "no"


def test_residual_back_pain_by_its_definition(of: Assessment) -> None:
    for number, (first, second) in enumerate(product(VAS, repeat=2)):
        of = cast.recorded(of.patient)
        for day, answer in ((3, first), (30, second)):
            if answer == "lost":
                acts.outcome(of, acts.not_evaluable(day))
            elif answer is not None:
                acts.outcome(of, acts.measured(day, int(answer)))
        chain = AssessmentChain.objects.get(pk=of.chain_id)
        assert chain.rbp_label == _rbp(first, second), (number, first, second)


def test_a_correction_with_a_reason_supersedes(client: Client, of: Assessment) -> None:
    first = record_outcome(client, of, vas="5")
    form = browse.opened(client, NAMES[3], of)
    assert form.value("expected") == str(first.pk)
    assert form.value("reason") == ""
    data = browse.as_shown(form) | {"vas": "3", "measured_on": written_day(4)}
    response = browse.sent(client, NAMES[3], of, data)
    assert response.status_code == 422
    assert any("a reason is needed" in error for error in Page(response).beside("reason"))
    browse.led_to(browse.sent(client, NAMES[3], of, data | {"reason": "misheard"}))
    second = Outcome.objects.get(version=2)
    assert (second.supersedes_id, second.vas, second.reason) == (first.pk, 3, "misheard")
    assert queries.current_outcome(of.chain, TimePoint.DAY_3) == second
    assert AssessmentChain.objects.get().vas_day_3 == 3
    record = browse.opened(client, NAMES[3], of)
    assert [row[0] for row in browse.rows(record, "h-record")] == ["3", "5"]
    assert "misheard" in browse.section(record, "h-record")
    result = browse.opened(client, "assessment-result", of)
    assert "corrected, version 2" in browse.section(result, "h-outcome")
    assert "(corrected)" in browse.opened(client, "patient-detail", of.patient).text


def test_a_vas_can_turn_out_not_evaluable_and_back(client: Client, of: Assessment) -> None:
    record_outcome(client, of, vas="5")
    record_outcome(
        client, of, vas="", measured_on="", not_evaluable="died", reason="other patient's VAS"
    )
    assert AssessmentChain.objects.get().day_3 == "not_evaluable"
    record_outcome(client, of, vas="6", reason="it was hers after all")
    chain = AssessmentChain.objects.get()
    assert (chain.day_3, chain.vas_day_3) == ("measured", 6)


def test_somebody_else_recorded_it_meanwhile(client: Client, bobs: Client, of: Assessment) -> None:
    mine = browse.filled(client, NAMES[3], of, vas="3", measured_on=written_day(4))
    his = record_outcome(bobs, of, vas="8")
    response = browse.sent(client, NAMES[3], of, mine)
    assert response.status_code == 409
    page = Page(response)
    assert "Dr Bob Keller recorded this outcome on" in page.text
    assert browse.rows(page, "h-record")[0][0] == "8"
    assert (page.value("vas"), page.value("measured_on")) == ("3", written_day(4))
    assert page.html.count('id="summary"') == 1
    again = browse.as_shown(page)
    assert again["expected"] == str(his.pk)
    assert Outcome.objects.count() == 1
    browse.led_to(browse.sent(client, NAMES[3], of, again | {"reason": "I asked her myself"}))
    made = Outcome.objects.get(version=2)
    assert (made.supersedes_id, made.vas, made.created_by_name) == (his.pk, 3, "Dr Alice Moore")


def test_somebody_else_corrected_it_meanwhile(client: Client, bobs: Client, of: Assessment) -> None:
    record_outcome(client, of, vas="5")
    mine = browse.filled(
        client, NAMES[3], of, vas="3", measured_on=written_day(3), reason="misheard"
    )
    record_outcome(bobs, of, vas="8", reason="asked again")
    response = browse.sent(client, NAMES[3], of, mine)
    assert response.status_code == 409
    assert Page(response).value("reason") == "misheard"
    assert Outcome.objects.count() == 2


def test_an_amendment_keeps_the_outcomes(client: Client, of: Assessment) -> None:
    record_outcome(client, of, vas="5")
    made = acts.amended(of, cast.worked_example(mvh_restored=True))
    page = browse.opened(client, "assessment-result", made)
    assert "16-Mar-2025" in browse.section(page, "h-outcome")
    # The page of an earlier version leads to the same outcomes.
    earlier = browse.section(browse.opened(client, "assessment-result", of), "h-outcome")
    assert "16-Mar-2025" in earlier


def test_an_operation_date_behind_an_outcome_is_refused(client: Client, of: Assessment) -> None:
    record_outcome(client, of, vas="5")
    data = browse.filled(
        client,
        "assessment-amend",
        of,
        operation_date=written_day(3),
        radiograph_date=written_day(4),
        reason="the operation was later",
    )
    response = browse.sent(client, "assessment-amend", of, data)
    assert response.status_code == 422
    page = Page(response)
    (said,) = page.beside("operation_date")
    assert "a VAS on record is dated before this operation date" in said
    assert page.value("reason") == "the operation was later"
    data["operation_date"] = written_day(2)
    browse.led_to(browse.sent(client, "assessment-amend", of, data))
    assert Assessment.objects.get(version=2).operation_date == date(2025, 3, 15)


def test_the_caution_is_about_the_operation_date_that_stands(
    client: Client, of: Assessment
) -> None:
    """Amended to three days earlier, what was day 3 is day 6."""
    record_outcome(client, of, vas="5")
    assert "outside day" not in browse.opened(client, "assessment-result", of).text
    entry = cast.worked_example(
        operation_date=cast.OPERATION - timedelta(days=1),
        pdw_fl=cast.measured("12", None),
        chloride_mmol_l=cast.measured("100", None),
    )
    made = acts.amended(of, entry)
    assert "outside day" not in browse.opened(client, "assessment-result", made).text
    earlier = cast.worked_example(operation_date=cast.OPERATION - timedelta(days=3))
    made = acts.amended(made, earlier)
    page = browse.opened(client, "assessment-result", made)
    assert "day 6, outside day 2 to 5" in browse.section(page, "h-outcome")


def test_an_address_of_an_earlier_version_goes_by_the_operation_date_that_stands(
    client: Client, of: Assessment
) -> None:
    later = cast.worked_example(
        operation_date=cast.OPERATION + timedelta(days=2), radiograph_date=None
    )
    made = acts.amended(of, later)
    page = browse.opened(client, NAMES[3], of)
    assert "due on 18-Mar-2025" in page.text
    data = browse.as_shown(page) | {"vas": "5", "measured_on": written_day(1)}
    response = browse.sent(client, NAMES[3], of, data)
    assert response.status_code == 422
    assert Page(response).beside("measured_on")
    led = browse.led_to(browse.sent(client, NAMES[3], of, data | {"measured_on": written_day(5)}))
    assert led == browse.address("assessment-result", made)


def test_it_is_asked_whose_it_is_where_the_assessment_was_moved_meanwhile(
    client: Client, of: Assessment
) -> None:
    """The row of the worklist, or the page, still shows the former patient."""
    data = browse.filled(client, NAMES[3], of, vas="5", measured_on=written_day(3))
    made = acts.amended(of, patient=cast.registered("H7", family_name="Zhao"))
    response = browse.sent(client, NAMES[3], of, data)
    page = Page(response)
    assert (response.status_code, Outcome.objects.count()) == (422, 0)
    assert "moved from Wang, Xiulan" in page.text
    assert "Zhao" in page.text
    again = browse.as_shown(page)
    assert (again["vas"], again["measured_on"]) == ("5", data["measured_on"])
    (box,) = (control for control in page.controls if control.name == "confirmed")
    led = browse.led_to(browse.sent(client, NAMES[3], of, again | {"confirmed": box.value}))
    assert led == browse.address("assessment-result", made)
    assert Outcome.objects.get().vas == 5


def test_a_voided_one_takes_none(client: Client, of: Assessment) -> None:
    data = browse.filled(client, NAMES[3], of, vas="5", measured_on=written_day(3))
    voided = acts.voided(of)
    for ask in (client.get, client.post):
        at = browse.led_to(ask(browse.address(NAMES[3], of), data))
        assert at == browse.address("assessment-result", voided)
        assert browse.messages(client, at) == [
            "An assessment that is voided, or of a cancelled operation, can't have an outcome."
        ]
    assert Outcome.objects.count() == 0
