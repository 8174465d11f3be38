"""A new passkey's name, and what the browser answers for a passkey."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring import queries
from scoring.forms.fields import AS_TYPED
from scoring.forms.secret_fields import SecretField
from scoring.forms.sign_in import PasswordForm
from scoring.models import Passkey
from scoring.models.typed_text import readable_name

# A browser's answer takes one to three kB.
_LONGEST_ANSWER = 16_000


class PasskeyNameForm(PasswordForm):
    """What the user calls a passkey, and the password unless it was given a moment ago."""

    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        help_text=gettext_lazy("For example: blue security key"),
        max_length=Passkey._meta.get_field("name").max_length,
        validators=[readable_name],
        error_messages={"required": gettext_lazy("nothing entered; a name is needed.")},
        widget=forms.TextInput(attrs={"class": "form-control w-l", "autofocus": True, **AS_TYPED}),
    )

    field_order = ("name", "password")

    def __init__(self, *args: Any, asks_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_password:
            self.fields.pop("password", None)

    def clean_name(self) -> str:
        """The user's passkeys have different names."""
        name: str = self.cleaned_data["name"]
        if name in {one.name for one in queries.passkeys(self._user)}:
            raise ValidationError(_("you have a passkey of this name: choose another."))
        return name


class PasskeyForm(forms.Form):
    """What the browser answered, as static/scoring/passkey.js sends it."""

    passkey = SecretField(
        max_length=_LONGEST_ANSWER,
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy(
                "your browser sent no passkey. Try again; passkeys need JavaScript."
            )
        },
    )

    use_required_attribute = False

    def clean_passkey(self) -> dict[str, Any]:
        """The answer as a dictionary; what it says is checked by the action."""
        try:
            answer = json.loads(self.cleaned_data["passkey"])
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise ValidationError(_("your browser's answer can't be read. Try again."))
        return answer
