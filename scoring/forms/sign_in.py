"""Signing in, and what a user confirms or chooses about the own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.contrib.auth.password_validation import (
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.forms.secret_fields import SecretField
from scoring.models import User
from scoring.words.types import Words


class SignInForm(AuthenticationForm):
    """Every failure gets the same words: unknown, wrong, disabled, run out, locked."""

    username = UsernameField(
        max_length=User._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("username"):
            # The name stays after a failure, the password does not: it is typed next.
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True

    def get_invalid_login_error(self) -> ValidationError:
        """The same words for every cause, so that account names can't be probed."""
        return ValidationError(
            _(
                "Wrong username or password, or locked. After %(failures)s wrong tries, "
                "signing in is locked for %(minutes)s minutes; an administrator can unlock it."
            ),
            code="invalid_login",
            params=_lock_out(),
        )


def _check_own_password(request: HttpRequest, user: User, password: str, refused: str) -> None:
    """Raise ValidationError where it is not the user's; that counts like a failed sign-in."""
    found = authenticate(request, username=user.username, password=password)
    if getattr(request, "axes_locked_out", False):
        raise ValidationError(
            _(
                "locked for %(minutes)s minutes after %(failures)s wrong passwords; an "
                "administrator can unlock it."
            )
            % _lock_out()
        )
    if found is None or found.pk != user.pk:
        raise ValidationError(refused)
    if found.password != user.password:
        # Hashed anew, by a hasher that got stronger: the session goes on.
        update_session_auth_hash(request, found)


def _lock_out() -> dict[str, int]:
    return {
        "failures": settings.AXES_FAILURE_LIMIT,
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
    }


def _password_field(label: Words, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        strip=False,
        error_messages={"required": gettext_lazy("nothing entered.")},
        widget=forms.PasswordInput(
            attrs={"class": "form-control w-l", "autocomplete": autocomplete}
        ),
    )


# What Django finds against a password, as this site says it.
_REFUSED: dict[str, Words] = {
    "password_too_short": gettext_lazy("shorter than %(min_length)s characters."),
    "password_too_similar": gettext_lazy("too similar to your username."),
    "password_of_known_words": gettext_lazy(
        "little more than your username and words of this site."
    ),
    "password_guessed_soon": gettext_lazy(
        "guessed soon: take several words that do not belong together."
    ),
}


class PasswordChangeForm(DjangoPasswordChangeForm):
    """Django's own in the words of this site; the new password must differ from the current."""

    error_messages = {
        "password_mismatch": gettext_lazy("different from the new password above."),
    }
    old_password = _password_field(gettext_lazy("Current password"), "current-password")
    new_password1 = _password_field(gettext_lazy("New password"), "new-password")
    new_password2 = _password_field(gettext_lazy("Repeat the new password"), "new-password")

    use_required_attribute = False

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request
        self.fields["old_password"].widget.attrs["autofocus"] = True
        self.fields["new_password1"].help_text = _(
            "At least %(length)s characters; not guessed soon, not similar "
            "to your username, not made of words such as kyphoplasty."
        ) % {"length": _shortest()}

    def clean_old_password(self) -> str:
        """Django's own check would let it be guessed without an end."""
        old: str = self.cleaned_data["old_password"]
        _check_own_password(self._request, self.user, old, _("this is not your current password."))
        return old

    def clean_new_password1(self) -> str:
        """Refuse the current password: an administrator may know it."""
        new: str = self.cleaned_data["new_password1"]
        if new and self.user.check_password(new):
            raise ValidationError(_("this is your current password: choose another."))
        return new

    def validate_password_for_user(self, user: User, *_args: Any) -> None:
        """Show the error beside the first of the two fields, where the user types again."""
        new = self.cleaned_data.get("new_password1")
        if not new:
            return
        try:
            validate_password(new, user)
        except ValidationError as refused:
            for found in refused.error_list:
                text = str(_REFUSED.get(found.code or "", found.message))
                self.add_error("new_password1", ValidationError(text, found.code, found.params))


def _shortest() -> int:
    """How many characters a password has at least."""
    lengths = (getattr(one, "min_length", 1) for one in get_default_password_validators())
    return max(lengths, default=1)


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = SecretField(
        label=gettext_lazy("Code"),
        max_length=32,
        widget=forms.TextInput(
            attrs={
                "class": "form-control w-l",
                "autocomplete": "one-time-code",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )

    use_required_attribute = False


class PasswordForm(forms.Form):
    """The password once more, before something about signing in changes.

    A user without a password here, who signs in through the hospital's service, is not asked.
    """

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"class": "form-control w-l", "autocomplete": "current-password"}
        ),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request, self._user = request, user
        if not user.has_password:
            del self.fields["password"]

    def clean_password(self) -> str:
        """As given."""
        password: str = self.cleaned_data["password"]
        _check_own_password(self._request, self._user, password, _("This is not your password."))
        return password
