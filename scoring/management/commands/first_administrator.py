"""``manage.py first_administrator``: the account that creates all others."""

import getpass
import sys
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Field
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.actions import create_user, given_password
from scoring.management.help_text import describe
from scoring.models import Role, User
from scoring.models.user import NAME_TO_REPLACE
from scoring.words.marks import sentences

_USERNAME = "admin"


class Command(BaseCommand):
    """Asks on a terminal for name and password; elsewhere makes a password and prints it once.

    On a ward computer the first account has every role, as one person may be all there is. In
    production it is Administrator alone, and sees no patient; its printed password is temporary.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of the command."""
        describe(
            parser,
            _("Create the first administrator, who can sign in and add further accounts."),
        )
        parser.add_argument(
            "--if-none", action="store_true", help=_("do nothing when there is an account already")
        )
        parser.add_argument(
            "--all-roles",
            action="store_true",
            help=_("every role, not Administrator alone; on a ward computer that is so anyhow"),
        )

    def handle(self, *args: Any, if_none: bool, all_roles: bool, **options: Any) -> None:
        """Create the account. Raises CommandError when there is an account already."""
        if User.objects.exists():
            if if_none:
                return
            raise CommandError(_("There are accounts already; an administrator can add others."))
        alone = settings.PRODUCTION and not all_roles
        self._roles = [Role.ADMINISTRATOR] if alone else list(Role)
        if sys.stdin.isatty():
            self._ask_and_create()
        else:
            self._generate_and_create()

    def _ask_and_create(self) -> None:
        self.stdout.write(_("There is no account yet. This one will be the first administrator."))
        try:
            username = self._ask(
                "username", _("Username [%(name)s]: ") % {"name": _USERNAME}, _USERNAME
            )
            display_name = self._ask(
                "display_name", _("Name as printed on reports, for example Dr Chen Lei: "), username
            )
            password = self._ask_password(User(username=username, display_name=display_name))
        except EOFError as reason:
            raise CommandError(_("Without a first administrator nobody can sign in.")) from reason
        self._create(username, display_name, password)
        self.stdout.write(_('Sign in as "%(name)s".') % {"name": username})

    def _ask(self, field_name: str, prompt: str, otherwise: str) -> str:
        field = cast("Field[str, str]", User._meta.get_field(field_name))
        while True:
            answer = input(prompt).strip() or otherwise
            try:
                return str(field.clean(answer, None))
            except ValidationError as reason:
                self.stderr.write(sentences(*reason.messages))

    def _ask_password(self, user: User) -> str:
        while True:
            password = getpass.getpass(_("Password: "))
            try:
                validate_password(password, user)
            except ValidationError as reason:
                self.stderr.write(sentences(*reason.messages))
                continue
            if getpass.getpass(_("The same password again: ")) == password:
                return password
            self.stderr.write(_("The two differ."))

    def _generate_and_create(self) -> None:
        password = given_password()
        # On a server it stands in the journal.
        temporary = settings.PRODUCTION
        self._create(_USERNAME, NAME_TO_REPLACE, password, temporary=temporary)
        self.stdout.write(_("The first administrator can sign in now:"))
        self.stdout.write(_("  username  %(name)s") % {"name": _USERNAME})
        self.stdout.write(_("  password  %(password)s") % {"password": password})
        if temporary:
            hours = settings.TEMPORARY_PASSWORD_HOURS
            text = ngettext(
                "The password serves once, within %(hours)d hour, to choose another.",
                "The password serves once, within %(hours)d hours, to choose another.",
                hours,
            )
            self.stdout.write(text % {"hours": hours})
        else:
            self.stdout.write(_("The password is shown this once: keep it safe."))

    def _create(
        self, username: str, display_name: str, password: str, *, temporary: bool = False
    ) -> None:
        create_user(
            by=None,
            username=username,
            display_name=display_name,
            password=password,
            roles=self._roles,
            temporary=temporary,
        )
