"""Who signs in."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.postgres.functions import RandomUUID
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scoring.models.guards import never_deleted
from scoring.models.roles import Role, in_order
from scoring.models.typed_text import readable_name

# What reports print for the first account until somebody says whose it is.
NAME_TO_REPLACE = "Administrator"


class UserManager(DjangoUserManager["User"]):
    """Roles are all there is: ``manage.py createsuperuser`` makes an account with every role."""

    def create_superuser(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **extra_fields: Any,
    ) -> "User":
        """An ordinary account with all three roles."""
        user = self.create_user(username, email, password, **extra_fields)
        user.groups.add(*Group.objects.filter(name__in=Role.values))
        return user


class User(AbstractUser):
    """A member of staff; accounts are personal and never deleted, only made inactive."""

    uuid = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    display_name = models.CharField(
        _("name as printed on reports"),
        max_length=100,
        help_text=_("For example Dr Chen Lei"),
        validators=[readable_name],
    )
    # Set while the password is one that somebody else has given: it serves until then, and only
    # to choose another.
    temporary_password_until = models.DateTimeField(null=True, editable=False)

    # Who the person is to the hospital's sign-in service (OpenID Connect: "iss" and "sub"), since
    # the first sign-in there. A user name may be given to somebody else, these never are.
    service_issuer = models.CharField(max_length=255, default="", editable=False)
    service_subject = models.CharField(max_length=255, default="", editable=False)

    # Whether N, / and ? do something outside of fields. WCAG 2.1.4: some people hit single keys
    # without meaning to, by voice control for one.
    uses_keys = models.BooleanField(default=True, editable=False)

    # Whose patients the user sees where records are limited to wards.
    ward = models.ForeignKey(
        "Ward", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )

    # The version of the model whose notice on the worklist the user has put away.
    model_notice_read = models.CharField(max_length=61, default="", editable=False)

    # The language of the pages, a code of LANGUAGES; "" while the user has chosen none.
    language = models.CharField(max_length=10, default="", editable=False)

    objects: ClassVar[UserManager] = UserManager()

    REQUIRED_FIELDS = ["display_name"]

    class Meta(AbstractUser.Meta):
        permissions = [("manage_users", "Can create, change, disable and unlock users")]
        constraints = [
            models.CheckConstraint(name="user_has_roles_alone", condition=Q(is_superuser=False)),
            models.UniqueConstraint(
                name="one_user_for_each_subject",
                fields=["service_issuer", "service_subject"],
                condition=~Q(service_subject=""),
            ),
        ]
        triggers = never_deleted("user")

    def __str__(self) -> str:
        """The name as pages and reports print it."""
        return self.display_name or self.username

    @property
    def has_own_name(self) -> bool:
        """Whether reports print a person's name, not that of the first account."""
        printed = self.display_name.strip().casefold()
        return printed not in {"", self.username.casefold(), NAME_TO_REPLACE.casefold()}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """In one transaction with the line of the access log that a signal may add."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        """Set a password without an end; for a temporary one the caller sets the end afterwards."""
        super().set_password(raw_password)
        self.temporary_password_until = None

    @property
    def roles(self) -> list[str]:
        """The names of the roles held, always in the same order."""
        return in_order(group.name for group in self.groups.all())

    @property
    def has_password(self) -> bool:
        """Whether there is a password that serves; an expired temporary one does not."""
        return self.has_usable_password() and not self.temporary_password_expired

    @property
    def temporary_password_expired(self) -> bool:
        """Whether the temporary password has expired."""
        until = self.temporary_password_until
        return until is not None and until <= timezone.now()
