"""A new version of the model: what was assessed before keeps its numbers, what is saved has new."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from scoring import queries
from scoring.models import Assessment
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1
from scoring.report import Sheet
from scoring.report.chart_note import chart_note
from scoring.report.patient_sheet import patient_sheet_html
from scoring.report.pdf import report_html
from tests import cast
from tests import worked_example as worked
from tests.life import acts, browse
from tests.recalibration.local import approved, proposed
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db

EARLIER = "Scored with version 1 of the model; new assessments use version 2."
FIRST = ("77 %", "60–88 %", "75–80 %", "Rong 2025, reconstruction 1")


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def final_by_version_1(number: str = "H100234") -> Assessment:
    with cast.by_version_1():
        return cast.recorded(cast.person(number))


def provisional_by_version_1() -> Assessment:
    with cast.by_version_1():
        return acts.provisional()


def model_of(version: Assessment) -> tuple[str, str]:
    return version.model_version, version.model_name


def test_it_keeps_its_numbers_on_page_paper_and_in_text(client: Client) -> None:
    kept = final_by_version_1()
    assert kept.result.model is RONG_2025_VERSION_1
    page = browse.opened(client, "assessment-result", kept)
    note = chart_note(Sheet(kept))
    report = report_html(kept, printed_by="Dr Bob Keller", ward="").replace("\xa0", " ")
    for said in FIRST:
        assert said in page.text, said
        assert said in note, said
    for said in ("60–88 %", "75–80 %", "Rong 2025, reconstruction 1, version 1."):
        assert said in report, said
    for anywhere in (page.text, note, report):
        assert EARLIER in anywhere
    # The foot of every page names the site's own version.
    assert "reconstruction 2" not in note + report
    assert "Rong 2025, reconstruction 1, version 1 (P50 154.60" in page.text


def test_of_the_current_version_nothing_is_said(client: Client) -> None:
    kept = cast.recorded()
    page = browse.opened(client, "assessment-result", kept)
    assert "Rong 2025, reconstruction 2, version 2" in page.text
    assert "Scored with version" not in page.text + chart_note(Sheet(kept))
    assert "model version" not in Page(client.get(reverse("history"))).text


def test_the_sheet_for_the_patient_names_the_model() -> None:
    sheet = patient_sheet_html(final_by_version_1(), printed_by="Dr Bob Keller", ward="")
    assert "<b>77</b> still have back pain" in sheet
    assert "Rong 2025, reconstruction 1 ·" in sheet


def test_lists_and_files_say_which_version(client: Client) -> None:
    first, second = final_by_version_1(), cast.recorded(cast.person("H2"))
    page = Page(client.get(reverse("history")))
    assert "77 %" in page.text
    assert worked.RISK in page.text
    assert page.text.count("model version 1") == page.text.count("model version 2") == 1
    for model, other, version in (("1", second, first), ("2", first, second)):
        found = Page(client.get(reverse("history"), {"model": f"rong-2025/{model}"}))
        assert version.patient.hospital_number in found.text
        assert other.patient.hospital_number not in found.text
    assert "77 %" in Page(client.get("/")).text
    answer = signed_in(cast.rita()).post(reverse("history-export"), {"identifiers": "without"})
    exported = b"".join(answer).decode().removeprefix("\ufeff")
    risks = {
        row["model_version"]: float(row["not_restored_risk"])
        for row in csv.DictReader(io.StringIO(exported))
    }
    assert risks == {
        "1": pytest.approx(RONG_2025_VERSION_1.risk(183.886)),
        "2": pytest.approx(RONG_2025.risk(183.886)),
    }


def test_a_completion_is_scored_anew_and_says_so_before(client: Client) -> None:
    before = provisional_by_version_1()
    page = browse.opened(client, "assessment-complete", before)
    said = f"the risk of the values on record becomes {worked.WHOLE_RESTORED} or {worked.RISK}"
    assert f"is scored with version 2: the points stay, {said}" in page.text
    # The numbers on the buttons are those that are saved.
    for heading, risk in (
        ("h-if_restored", worked.WHOLE_RESTORED),
        ("h-if_not_restored", worked.WHOLE),
    ):
        assert risk in browse.section(page, heading)
    sent = browse.filled(client, "assessment-complete", before) | {"mvh_restored": "no"}
    made = browse.sent(client, "assessment-complete", before, sent)
    after = queries.assessments().get(supersedes=before)
    assert browse.led_to(made) == browse.address("assessment-result", after)
    assert model_of(after) == ("2", "Rong 2025, reconstruction 2")
    assert after.not_restored_risk == RONG_2025.risk(before.not_restored_total_points or 0.0)
    changed = browse.section(browse.opened(client, "assessment-result", after), "h-changes")
    assert "Model Rong 2025, reconstruction 1 Rong 2025, reconstruction 2" in changed
    assert f"Risk 44 or 77 % {worked.RISK}" in changed
    # What was there before stays as it was.
    assert FIRST[3] in browse.opened(client, "assessment-result", before).text


def test_an_amendment_too(client: Client) -> None:
    before = final_by_version_1()
    page = browse.opened(client, "assessment-amend", before)
    assert "What you save here is scored with version 2" in page.text
    after = acts.amended(before)
    assert model_of(after) == ("2", "Rong 2025, reconstruction 2")
    assert (after.not_restored_total_points, after.entry) == (
        before.not_restored_total_points,
        before.entry,
    )


def test_two_assessments_are_compared_by_their_own_versions(client: Client) -> None:
    first = final_by_version_1()
    second = cast.recorded(first.patient)
    address = reverse("patient-compare", args=[first.patient_id])
    shown = Page(client.get(address, {"first": str(first.pk), "second": str(second.pk)})).text
    assert "Model Rong 2025, reconstruction 1 Rong 2025, reconstruction 2" in shown
    assert f"Risk 77 % {worked.RISK}" in shown


def test_what_scores_nothing_keeps_the_version() -> None:
    before = provisional_by_version_1()
    assert model_of(acts.without_radiograph(before)) == model_of(before)
    voided = acts.voided(final_by_version_1("H2"))
    back = acts.reinstated(voided)
    assert model_of(voided) == model_of(back) == ("1", "Rong 2025, reconstruction 1")
    assert back.result.model is RONG_2025_VERSION_1


def test_an_undone_completion_is_the_provisional_one_of_version_1(client: Client) -> None:
    before = provisional_by_version_1()
    after = acts.completed(before)
    client.post(
        reverse("assessment-undo", args=[after.pk]), {"form_token": cast.submission().token}
    )
    back = queries.current_version(after.chain)
    assert model_of(back) == model_of(before)
    assert back.not_restored_risk == before.not_restored_risk


def test_no_form_chooses_an_earlier_version(client: Client) -> None:
    asked = {"model": "rong-2025/1", "model_version": "1", "version": "1"}
    client.post(reverse("assessment-new"), cast.form_data(**asked))
    assert model_of(Assessment.objects.get()) == ("2", "Rong 2025, reconstruction 2")
    live = client.post(reverse("assessment-points"), cast.form_data(**asked))
    assert worked.RISK in Page(live).text
    asked["age_years"] = "80"
    calculated = client.post(reverse("calculator"), cast.form_data(**asked))
    assert worked.RISK in Page(calculated).text


def test_a_new_site_has_no_notice(client: Client) -> None:
    cast.recorded()
    assert "The model has a new version" not in Page(client.get("/")).text


def test_the_notice_is_there_until_each_user_has_read_it(client: Client) -> None:
    final_by_version_1()
    notice = browse.section(Page(client.get("/")), "h-model-notice")
    assert "The model has a new version: 2" in notice
    assert "What was assessed with version 1 keeps its numbers." in notice
    assert "the risk is 76." in notice
    assert "instead of 76.8 %" in notice
    assert "Recalibration" not in notice
    assert client.post(reverse("model-notice-read")).headers["Location"] == "/"
    assert "The model has a new version" not in Page(client.get("/")).text
    bob = signed_in(cast.bob())
    assert "The model has a new version" in Page(bob.get("/")).text


def test_the_evidence_page_says_what_changed(client: Client) -> None:
    page = Page(client.get(reverse("about")))
    changed = browse.section(page, "h-changed")
    assert "1 (Rong 2025, reconstruction 1) 76.8 % 75.3–80.0 % 60.0–87.9 % 118.12" in changed
    assert "2 (Rong 2025, reconstruction 2) 76." in changed
    assert page.by_id("model-versions") is not None


def test_an_active_recalibration_gives_the_risks_it_was_approved_for() -> None:
    with cast.by_version_1():
        kept = approved(proposed())
        before = cast.recorded(cast.person("H1"))
    after = cast.recorded(cast.person("H2"))
    assert (kept.model_version, before.model_version, after.model_version) == ("1", "1", "2")
    old, new = before.recalibrated, after.recalibrated
    assert new.recalibration == kept
    assert new.not_restored_risk == old.not_restored_risk
    assert (new.not_restored_ci95_low, new.not_restored_ci95_high) == (
        old.not_restored_ci95_low,
        old.not_restored_ci95_high,
    )
    line = kept.curve.line
    assert line == pytest.approx((kept.p50_points, kept.k_points_per_logit), rel=1e-12)
    assert new.not_restored_risk == pytest.approx(line.risk(183.886), rel=1e-12)


def test_the_pages_of_a_recalibration_of_version_1_say_so() -> None:
    with cast.by_version_1():
        kept = approved(proposed())
        cast.recorded()
    client = signed_in(cast.rita())
    page = Page(client.get(reverse("recalibration-detail", args=[kept.pk])))
    assert "Made from risks of version 1 of the model." in page.text
    assert "risk = 1 / (1 + exp(−(points − 154.60) / 24.488))" in page.text
    versions = Page(client.get(reverse("model-versions"))).text
    assert "Rong 2025, reconstruction 2 version 2 Always shown" in versions
    assert "Rong 2025, reconstruction 1 version 1 Only results on record" in versions
    notice = browse.section(Page(signed_in(cast.alice()).get("/")), "h-model-notice")
    assert f"Recalibration {kept.number} stays active" in notice


def test_a_proposal_of_version_1_may_still_be_approved() -> None:
    with cast.by_version_1():
        waiting = proposed()
    kept = approved(waiting)
    after = cast.recorded()
    assert after.recalibrated.recalibration == kept
    assert after.recalibrated.not_restored_risk == pytest.approx(
        kept.curve.line.risk(183.886), rel=1e-12
    )
