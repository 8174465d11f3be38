"""The page and its files: everybody sees the model, reviewers the hospital's figures."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from scoring.evaluation.statistic_text import number
from scoring.models import AuditEvent
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.report.model_card import model_card
from scoring.words.predictors import words_of
from tests import cast
from tests.validation.ward import early, with_pain
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def outcome() -> None:
    """One patient of the hospital with residual back pain."""
    with_pain(early(cast.person("H1"), cast.worked_example()))


@pytest.mark.usefixtures("outcome")
def test_everybody_reads_the_model_and_nobody_the_hospital() -> None:
    client = signed_in(cast.alice())
    page = Page(client.get(reverse("model-card")))
    for predictor in RONG_2025.predictors:
        assert " ".join(str(words_of(predictor).table_name).split()) in page.text
    assert f"{RONG_2025.identifier} {RONG_2025.version}" in page.text
    assert number(EVIDENCE.validation.auc) in page.text
    assert "Shown to those who may see the local validation" in page.text
    assert "Observed / expected" not in page.text
    assert reverse("model-card-local-json") not in page.html
    assert reverse("model-card") in Page(client.get(reverse("about"))).html


@pytest.mark.usefixtures("outcome")
def test_a_reviewer_reads_the_hospital_s_figures() -> None:
    client = signed_in(cast.rita())
    page = Page(client.get(reverse("model-card")))
    assert "1 , of whom 1 had residual back pain" in page.text or "1, of whom 1 had" in page.text
    assert "not estimable" in page.text
    assert "Too few assessments: rely on the intervals." in page.text
    line = AuditEvent.objects.filter(action="validation_viewed").get()
    assert line.detail == {"found": 1, "model_card": True}


@pytest.mark.usefixtures("outcome")
def test_the_files() -> None:
    plain = signed_in(cast.alice()).get(reverse("model-card-json"))
    assert plain.headers["Content-Type"] == "application/json"
    name = f"model-card-{RONG_2025.identifier}-{RONG_2025.version}.json"
    assert name in plain.headers["Content-Disposition"]
    assert json.loads(plain.content) == json.loads(json.dumps(model_card(RONG_2025, EVIDENCE)))
    assert not AuditEvent.objects.filter(action__startswith="validation").exists()


@pytest.mark.usefixtures("outcome")
def test_the_hospital_s_figures_are_in_the_file_of_reviewers_alone() -> None:
    local = reverse("model-card-local-json")
    assert signed_in(cast.alice()).get(local).status_code == 403
    client: Client = signed_in(cast.rita())
    # Of a reviewer, too, the public file has none.
    assert "performance_here" not in json.loads(client.get(reverse("model-card-json")).content)
    here = json.loads(client.get(local).content)["performance_here"]
    assert (here["analysed"], here["events"], here["synthetic"]) == (1, 1, False)
    assert (here["auc"], here["observed_expected"]) == (None, None)
    assert here["sample_size_reached"] is False
    assert AuditEvent.objects.filter(action="validation_exported").count() == 1
