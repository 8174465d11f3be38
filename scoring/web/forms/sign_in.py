"""Signing in, and what a user confirms or chooses about the own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.models import User


class SignInForm(AuthenticationForm):
    """Every failure gets the same words: unknown, wrong, disabled, run out, locked."""

    username = UsernameField(
        max_length=User._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )

    def get_invalid_login_error(self) -> ValidationError:
        """What is wrong is nobody's business; what to do is."""
        return ValidationError(
            _(
                "Check user name and password, capitals included. After %(failures)s failures "
                "in a row nobody gets in under this name from here for %(minutes)s minutes; an "
                "administrator can unlock it."
            ),
            code="invalid_login",
            params={
                "failures": settings.AXES_FAILURE_LIMIT,
                "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
            },
        )


class PasswordChangeForm(DjangoPasswordChangeForm):
    """Django's own; the new password is another one."""

    def clean_new_password1(self) -> str:
        """The one that was given would stay known to whoever gave it."""
        new: str = self.cleaned_data["new_password1"]
        if new and self.user.check_password(new):
            raise ValidationError(_("This is the password you have: choose another."))
        return new


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
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

    Who has none here, because the hospital's sign-in service vouches for them, is not asked.
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
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """A wrong one counts like a failed sign-in."""
        password: str = self.cleaned_data["password"]
        found = authenticate(self._request, username=self._user.username, password=password)
        if found is None or found.pk != self._user.pk:
            raise ValidationError(_("This is not your password."))
        return password


class SetUpForm(PasswordForm, CodeForm):
    """The first code of a new key, and the password."""

    field_order = ["code", "password"]

    def __init__(self, *args: Any, ask_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_password:
            self.fields.pop("password", None)
