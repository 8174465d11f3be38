"""``manage.py first_administrator``: the account that creates all others."""

import getpass
import secrets
import sys
from typing import Any, cast

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Field

from scoring.actions import create_user
from scoring.models import User

_USERNAME = "admin"
# Easily read off a screen: no l and 1, no o and 0.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LETTERS = 4, 5


class Command(BaseCommand):
    """Asks on a terminal for name and password; elsewhere makes a password and prints it once."""

    help = "Create the first administrator, who can sign in and add further accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of the command."""
        parser.add_argument(
            "--if-none", action="store_true", help="do nothing when there is an account already"
        )

    def handle(self, *args: Any, if_none: bool, **options: Any) -> None:
        """Create the account. Raises CommandError when there is an account already."""
        if User.objects.exists():
            if if_none:
                return
            raise CommandError("There are accounts already; an administrator can add others.")
        if sys.stdin.isatty():
            self._ask_and_create()
        else:
            self._generate_and_create()

    def _ask_and_create(self) -> None:
        self.stdout.write("There is no account yet. This one will be the first administrator.")
        try:
            username = self._ask("username", f"Username [{_USERNAME}]: ", _USERNAME)
            display_name = self._ask(
                "display_name", "Name as printed on reports, for example Dr Chen Lei: ", username
            )
            password = self._ask_password(User(username=username, display_name=display_name))
        except EOFError as reason:
            raise CommandError("Without a first administrator nobody can sign in.") from reason
        _create(username, display_name, password)
        self.stdout.write(f'Sign in as "{username}".')

    def _ask(self, field_name: str, prompt: str, otherwise: str) -> str:
        field = cast("Field[str, str]", User._meta.get_field(field_name))
        while True:
            answer = input(prompt).strip() or otherwise
            try:
                return str(field.clean(answer, None))
            except ValidationError as reason:
                self.stderr.write(" ".join(reason.messages))

    def _ask_password(self, user: User) -> str:
        while True:
            password = getpass.getpass("Password: ")
            try:
                validate_password(password, user)
            except ValidationError as reason:
                self.stderr.write(" ".join(reason.messages))
                continue
            if getpass.getpass("The same password again: ") == password:
                return password
            self.stderr.write("The two differ.")

    def _generate_and_create(self) -> None:
        password = "-".join(
            "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS)
        )
        _create(_USERNAME, "Administrator", password)
        self.stdout.write("The first administrator can sign in now:")
        self.stdout.write(f"  username  {_USERNAME}")
        self.stdout.write(f"  password  {password}")
        self.stdout.write("The password is shown this once: keep it safe.")


def _create(username: str, display_name: str, password: str) -> None:
    create_user(
        by=None,
        username=username,
        display_name=display_name,
        password=password,
        is_administrator=True,
    )
