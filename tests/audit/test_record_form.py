"""The canonical form is the documented one, and every table and column has its place in it."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from unittest.mock import patch

import pytest
from django.apps import apps
from django.utils import timezone

from scoring import actions
from scoring.actions import WardFacts
from scoring.models import AuditEvent
from scoring.models.record_digest import elements
from scoring.models.record_tables import RECORD_TABLES, WITHOUT_DIGEST
from tests import cast

MODELS = {str(m._meta.model_name): m for m in apps.get_app_config("scoring").get_models()}


def test_it_was_decided_for_every_model_whether_it_has_digests() -> None:
    assert RECORD_TABLES.keys() | WITHOUT_DIGEST.keys() == MODELS.keys()
    assert not RECORD_TABLES.keys() & WITHOUT_DIGEST.keys()


@pytest.mark.parametrize("model", list(RECORD_TABLES))
def test_the_newest_layout_has_every_column(model: str) -> None:
    """A column more needs a layout more, and the layouts before stay as they are."""
    table, meta = RECORD_TABLES[model], MODELS[model]._meta
    newest = table.layouts[-1]
    assert table.table == meta.db_table
    assert len(newest) == len(set(newest))
    assert {*newest, *table.left_out} == {field.column for field in meta.concrete_fields}
    # PostgreSQL's functions take no more arguments, and the salt is one.
    assert len(newest) < 100


@pytest.mark.django_db
def test_a_digest_as_the_documentation_says() -> None:
    facts = WardFacts(hospital_name='St. "Mary"', ward_name="Spine\\7 王")
    now, adam = datetime(2026, 3, 14, 1, 42, 0, 123400, UTC), cast.adam()
    with patch.object(timezone, "now", return_value=now):
        actions.change_ward_settings(by=adam, facts=facts, opened=0, origin=actions.NOWHERE)
    at, who = "2026-03-14T01:42:00.1234+00:00", [adam.pk, "Adam Berg"]
    values = ["", 1, 'St. "Mary"', "Spine\\7 王", "", "", True, False, False, at, *who, "A4"]
    written = json.dumps(values, ensure_ascii=False)
    line = AuditEvent.objects.get(action=AuditEvent.Action.WARD_SETTINGS_CHANGED)
    ((model, layout, key, digest, prints, about),) = line.detail["record"]
    assert (model, layout, key, about) == ("wardsettings", 2, "1", [1])
    assert digest == sha256(written.encode()).hexdigest()
    assert len(prints) == 4 * 12
    name = json.dumps("Spine\\7 王", ensure_ascii=False)
    assert prints[8:12] == sha256(f'""\n1\nward_name={name}'.encode()).hexdigest()[:4]


def test_the_elements_of_a_text_are_as_they_were_written() -> None:
    texts = ["null", "-0.10", "1e-300", '"a, \\"b]"', '[{"a": [1, 2]}]', "{}", "true"]
    assert elements(f"[{', '.join(texts)}]") == texts
