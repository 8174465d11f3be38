"""The page's figures are those of the statistics, of the command on a file, and of R."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from scoring import queries
from scoring.evaluation.local import LocalValidation, judge_cohort
from scoring.evaluation.statistic_text import number, with_interval
from scoring.models import AuditEvent, CachedValidation
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1
from scoring.statistics import validate, validation_as_dict
from scoring.statistics.plain import as_plain, from_plain
from tests import cast
from tests.commands.analysis import HEADER, answer, answer_json, refusal
from tests.life import acts
from tests.statistics.reference.values import (
    COHORT_CSV,
    EXACT,
    ITERATED,
    logit_interval,
    r_reference,
)
from tests.validation.ward import cohort_file, everybody, found, on_record, reviewer
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def _ward() -> None:
    on_record(cohort_file())


def _same(ours: Any, theirs: Any, path: str = "") -> None:
    """Every number of two JSON answers: sums in another order, iterations of other patients first.

    The risks in the record are those of one patient at a time, in a file those of arrays.
    """
    if isinstance(ours, dict):
        assert ours.keys() == theirs.keys(), path
        for name in ours:
            _same(ours[name], theirs[name], f"{path}.{name}")
    elif isinstance(ours, list):
        assert len(ours) == len(theirs), path
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            _same(one, other, f"{path}[{place}]")
    elif isinstance(ours, float):
        assert ours == pytest.approx(theirs, rel=1e-8, abs=1e-10), path
    else:
        assert ours == theirs, path


def _export_deidentified(path: Path) -> None:
    """What a hospital would write out of the record for another program."""
    patients = cohort_file().cohort
    cohort = found()
    order = np.lexsort((cohort.risk, cohort.inputs["age_years"]))
    lines = []
    for row, place in enumerate(order.tolist()):
        values = [
            *(
                column[place] if column.dtype.kind == "f" else int(column[place])
                for column in cohort.inputs.values()
            ),
            int(cohort.event[place]),
        ]
        lines.append(",".join([f"N{row}", *map(str, values)]))
    assert len(lines) == len(patients)
    path.write_text(HEADER + "\n".join(lines) + "\n")


def _without_band(plain: dict[str, Any]) -> dict[str, Any]:
    """Of the decision curve, whose thousand resamples are no business of the command here."""
    benefit = [
        {name: value for name, value in row.items() if not name.endswith("ci95")}
        for row in plain["net_benefit"]
    ]
    return plain | {"net_benefit": benefit}


@pytest.mark.usefixtures("_ward")
def test_record_and_file_agree(tmp_path: Path) -> None:
    judged = judge_cohort(found()).validation
    assert judged is not None
    ours = validation_as_dict(judged)
    # The same patients written out, and in their own file: the command's numbers.
    written = tmp_path / "out-of-the-record.csv"
    _export_deidentified(written)
    for file in (written, COHORT_CSV):
        theirs = answer_json("validate_model", file, "--resamples", 0)
        _same(_without_band(ours), {name: theirs[name] for name in ours})
    # The statistics themselves, on arrays from the file.
    patients = cohort_file()
    cohort = found()
    order = np.argsort(cohort.risk[cohort.analysed])
    direct = validate(
        type(cohort.predictions)(
            cohort.risk[cohort.analysed][order], cohort.event[cohort.analysed][order]
        ),
        cutoff=paper.CUTOFF,
    )
    _same(ours, validation_as_dict(direct))
    assert judged.n == len(patients.ids)


def test_an_earlier_version_is_judged_by_its_own_risks_as_r_does() -> None:
    with cast.by_version_1():
        on_record(cohort_file())
    assert not found().analysed.any()
    first = found(model=(RONG_2025_VERSION_1.identifier, RONG_2025_VERSION_1.version))
    judged = judge_cohort(first).validation
    assert judged is not None
    ours = validation_as_dict(judged)
    # R's pROC, glm, and base R.
    expected = r_reference()["sets"]["published"]
    assert ours["auc"] == pytest.approx(expected["auc"], rel=EXACT)
    limits = logit_interval(expected["auc"], expected["auc_variance"])
    assert ours["auc_ci95"] == pytest.approx(limits, rel=1e-10)
    assert ours["brier"] == pytest.approx(expected["brier"], rel=1e-10)
    assert ours["hosmer_lemeshow"]["chi2"] == pytest.approx(expected["hosmer"]["chi2"], rel=1e-9)
    for name, theirs in (
        ("calibration_in_the_large", expected["in_the_large"]),
        ("calibration_intercept", expected["intercept"]),
        ("calibration_slope", expected["slope"]),
    ):
        assert ours[name] == pytest.approx(theirs["value"], rel=ITERATED, abs=ITERATED)
    (at,) = expected["at_0184"]
    assert ours["at_cutoff"]["sensitivity"] == pytest.approx(at["tp"] / (at["tp"] + at["fn"]))
    assert ours["at_cutoff"]["ppv"] == pytest.approx(at["tp"] / (at["tp"] + at["fp"]))


@pytest.mark.usefixtures("_ward")
def test_the_page_says_these_figures_and_keeps_and_shares_them(tmp_path: Path) -> None:
    client = signed_in(reviewer())
    page = Page(client.get("/validation"))
    judged = judge_cohort(found())
    assert judged.validation is not None
    test, slope = judged.validation.hosmer_lemeshow, judged.validation.calibration_slope
    assert test is not None
    assert slope is not None
    for said in (
        "117, 20.6 % (17.4 to 24.1)",
        "0.774 (0.721 to 0.819)",
        "0.788 (0.740 to 0.836)",
        with_interval(slope.value, slope.ci95),
        f"χ² {test.chi2:.3f}, df 8, p {number(test.p)}",
        f"χ² {test.chi2:.3f}, df 10, p {number(test.external_p)}",
        "χ² 7.240, df 8, p 0.511",
        "6.3–82.3 %",
        "Analyzed, n = 569",
        "with 5 knots",
    ):
        assert said in page.text, said
    # 569 are enough for O/E and AUC, whatever the digits of the line.
    assert "Too few assessments for: Calibration slope" in page.text
    assert "376 (78) 569 (117) yes" in page.text
    assert "Patients repeat here" not in page.text
    (kept,) = CachedValidation.objects.all()
    again = from_plain(LocalValidation, json.loads(kept.content))
    assert as_plain(again) == json.loads(kept.content)
    _same(as_plain(judged), as_plain(again))
    _shares(client, tmp_path)


def _shares(client: Client, tmp_path: Path) -> None:
    """The record gives the aggregate that the file gives, on the page and as a command."""
    from_record, from_file = tmp_path / "record.json", tmp_path / "file.json"
    of_record = answer("export_validation", "--centre", "Ward 7", "--output", from_record)
    of_file = answer("export_validation", COHORT_CSV, "--centre", "Ward 7", "--output", from_file)
    # The same case mix, after the cautions of the file.
    assert of_record.startswith("Case mix beside the study's training set")
    assert of_file.endswith(of_record)
    ours, theirs = (json.loads(path.read_text()) for path in (from_record, from_file))
    _same(ours, theirs)
    assert min(min(cell["events"], cell["non_events"]) for cell in ours["cells"]) >= 5
    line = AuditEvent.objects.get(action="validation_exported")
    assert line.detail == {"centre": "Ward 7"}
    answered = client.post("/validation/export", {"centre": "Ward 7"})
    assert answered.headers["Content-Disposition"].startswith(
        'attachment; filename="rbp-aggregate-'
    )
    _same(json.loads(answered.content), ours)
    assert AuditEvent.objects.filter(action="validation_exported", actor="rita").count() == 1


def test_nothing_is_shared_of_too_few() -> None:
    acts.outcome(cast.recorded(), acts.measured(3, 6))
    assert refusal("export_validation", "--centre", "A") == (
        "Nothing can be shared: there is nothing to analyze."
    )
    client = signed_in(reviewer())
    for data, said in (
        ({"centre": "A"}, "Nothing can be shared: there is nothing to analyze."),
        ({"centre": " "}, "enter the name of the hospital"),
    ):
        page = Page(client.post("/validation/export", data, follow=True))
        assert said in page.text
    assert not AuditEvent.objects.filter(action="validation_exported").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--operated-from", "soon"), "soon is no day"),
        (("--operated-to", "2026-02-31"), "2026-02-31 is no day"),
        (("--model-version", "rong"), "IDENTIFIER/VERSION"),
        (("--model", str(COHORT_CSV)), "say --model-version"),
        ((str(COHORT_CSV), "--synthetic"), "--synthetic is for the record"),
        ((str(COHORT_CSV), "--operated-from", "2026-01-01"), "--operated-from is for the record"),
    ],
)
def test_options_that_make_no_sense(words: tuple[str, ...], said: str) -> None:
    assert said in refusal("export_validation", "--centre", "A", *words)


def test_choices_of_the_record_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[queries.CohortFilter] = []
    nobody = found()

    def remember(narrowed: queries.CohortFilter) -> Any:
        asked.append(narrowed)
        return nobody

    monkeypatch.setattr(queries, "validation_cohort", remember)
    words = ("--operated-from", "2026-01-02", "--population", "as_study", "--synthetic")
    with pytest.raises(CommandError, match="nothing to analyze"):
        call_command("export_validation", "--centre", "A", *words, stdout=io.StringIO())
    (narrowed,) = asked
    assert str(narrowed.operated_from) == "2026-01-02"
    assert narrowed.population == "as_study"
    assert (narrowed.synthetic, narrowed.model) == (True, everybody().model)


def test_synthetic_patients_are_called_so_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.history.ward import seeded

    seeded(400)
    shared = json.loads(answer("export_validation", "--centre", "Ward 7", "--synthetic"))
    assert shared["centre"] == "Ward 7 (SYNTHETIC)"
    assert "nothing to analyze" in refusal("export_validation", "--centre", "Ward 7")


def test_only_reviewers(client: Client) -> None:
    client.force_login(cast.alice())
    for method, address in (
        ("get", "/validation"),
        ("get", "/validation/report"),
        ("post", "/validation/export"),
    ):
        assert getattr(client, method)(address).status_code == 403
    assert "Validation" not in Page(client.get("/")).text
    assert not AuditEvent.objects.filter(action__startswith="validation").exists()
