"""``manage.py log_anchor``: a signed seal, kept elsewhere, shows a tail that was cut."""

import io

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from scoring.models import AuditSeal
from tests.audit import logbook
from tests.audit.conftest import within_the_test

__all__ = ["within_the_test"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("within_the_test")]


def _said(name: str, **options: object) -> str:
    said = io.StringIO()
    call_command(name, stdout=said, **options)
    return said.getvalue().strip()


def _cut_after(seal: int) -> None:
    """Remove the last seals with their lines, which nothing in the database tells of."""
    ids = AuditSeal.objects.filter(number__gt=seal).values_list("event_ids", flat=True)
    listed = ", ".join(str(line) for lines in ids for line in lines)
    logbook.tamper(
        f"DELETE FROM scoring_auditevent WHERE id IN ({listed})",
        f"DELETE FROM scoring_auditseal WHERE number > {seal}",
    )


def test_an_anchor_is_one_word_with_seal_digest_count_and_time() -> None:
    logbook.sealed(2, 3)
    last = AuditSeal.objects.get(pk=2)
    anchor = _said("log_anchor")
    number, digest, total, at, signature = anchor.split(":")
    assert (number, digest, total) == ("2", last.digest, "5")
    assert at == last.sealed_at.strftime("%Y%m%dT%H%M%SZ")
    assert len(signature) > 40
    assert _said("log_anchor", seal=1).startswith("1:")
    assert f"Last seal: {anchor}" in _said("verify_log", anchor=[anchor])


def test_without_a_seal_there_is_none() -> None:
    with pytest.raises(CommandError, match="no such seal"):
        _said("log_anchor")


def test_a_tail_that_was_cut_is_found_by_an_anchor_alone() -> None:
    logbook.sealed(1, 2, 2)
    anchor = _said("log_anchor")
    _cut_after(1)
    assert "is whole" in _said("verify_log")
    with pytest.raises(CommandError, match="is not as it was written"):
        _said("verify_log", anchor=[anchor])
    assert "behind this anchor by 2 seals and 4 lines" in _said("log_anchor", compare=anchor)
    # What is written after it does not hide it.
    logbook.sealed(1, 1, 1)
    with pytest.raises(CommandError, match="is not as it was written"):
        _said("verify_log", anchor=[anchor])
    with pytest.raises(CommandError, match="another log, or a forged one"):
        _said("log_anchor", compare=anchor)


@pytest.mark.parametrize(
    ("part", "value"), [(0, "2"), (1, "a" * 64), (2, "7"), (3, "20260101T000000Z"), (4, "x" * 43)]
)
@pytest.mark.parametrize("command", ["verify_log", "log_anchor"])
def test_a_forged_anchor_is_refused(command: str, part: int, value: str) -> None:
    logbook.sealed(1)
    parts = _said("log_anchor").split(":")
    parts[part] = value
    forged = ":".join(parts)
    options = {"anchor": [forged]} if command == "verify_log" else {"compare": forged}
    with pytest.raises(CommandError, match="was not signed with this RBP_SECRET_KEY"):
        _said(command, **options)


def test_with_another_key_number_and_digest_are_left(settings: Settings) -> None:
    logbook.sealed(1)
    anchor = _said("log_anchor")
    settings.SECRET_KEY = "another one" * 6
    with pytest.raises(CommandError, match="give number and digest alone"):
        _said("verify_log", anchor=[anchor])
    bare = ":".join(anchor.split(":")[:2])
    assert "is whole" in _said("verify_log", anchor=[bare])
    assert "0 lines were sealed since" in _said("log_anchor", compare=bare)


def test_how_far_the_log_is_behind_a_bare_one() -> None:
    logbook.sealed(1)
    assert "by 8 seals." in _said("log_anchor", compare="9:" + "a" * 64)


def test_an_empty_anchor_is_none_and_not_left_out() -> None:
    logbook.sealed(1)
    with pytest.raises(CommandError, match="is no anchor"):
        call_command("log_anchor", compare="")
