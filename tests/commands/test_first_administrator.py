"""``manage.py first_administrator``: asked on a terminal, else generated and printed once."""

import io
import sys
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from scoring.models import AuditEvent, Role, User
from tests import cast
from tests.database_roles import without_triggers

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    """Standard input that a person types at."""

    def isatty(self) -> bool:
        return True


def run(**options: bool) -> str:
    said = io.StringIO()
    call_command("first_administrator", stdout=said, stderr=said, **options)
    return said.getvalue()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the person types at the prompts, in order."""
    answers: list[str] = []
    left: Iterator[str] = iter(answers)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda prompt: next(left))
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(left))
    return answers


def test_without_a_terminal_a_password_is_made_and_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    said = run()
    password = next(line.split()[1] for line in said.splitlines() if "  password" in line)
    user = User.objects.get(username="admin")
    assert user.check_password(password)
    assert user.roles == list(Role)
    assert user.temporary_password_until is None
    assert AuditEvent.objects.count() == 1


def test_two_generated_passwords_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    first = run()
    with without_triggers():
        User.objects.all().delete()
    assert run() != first


def test_on_a_terminal_name_and_password_are_asked(typed: list[str]) -> None:
    typed += ["lei.chen", "Dr Chen Lei", "correct horse battery", "correct horse battery"]
    assert 'Sign in as "lei.chen".' in run()
    user = User.objects.get()
    assert user.display_name == "Dr Chen Lei"
    assert user.check_password("correct horse battery")
    assert user.roles == list(Role)


def test_what_will_not_do_is_asked_again(typed: list[str]) -> None:
    typed += ["two words", "", "", "short", "correct horse battery", "another horse battery"]
    typed += ["correct horse battery", "correct horse battery"]
    said = run()
    assert "Enter a valid username" in said
    assert "at least 12 characters" in said
    assert "The two differ." in said
    user = User.objects.get()
    assert (user.username, user.display_name) == ("admin", "admin")


def test_an_end_of_input_leaves_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", end)
    with pytest.raises(CommandError, match="nobody can sign in"):
        run()
    assert not User.objects.exists()


def test_it_is_made_only_where_there_is_no_account() -> None:
    cast.alice()
    assert run(if_none=True) == ""
    with pytest.raises(CommandError, match="There are accounts already"):
        run()
    assert User.objects.count() == 1
