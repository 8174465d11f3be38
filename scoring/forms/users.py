"""Accounts, as an administrator fills them in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring import actions
from scoring.forms.fields import AS_TYPED
from scoring.forms.ward import ward_field
from scoring.models import Role, User
from scoring.models.typed_text import readable_name, refuse_unreadable


class NameForm(forms.Form):
    """The printed name."""

    display_name = forms.CharField(
        label=gettext_lazy("Name as printed on reports"),
        max_length=User._meta.get_field("display_name").max_length,
        validators=[readable_name],
        error_messages={"required": gettext_lazy("nothing entered; a name is needed.")},
        widget=forms.TextInput(attrs={"class": "form-control w-l", **AS_TYPED}),
    )

    use_required_attribute = False

    def refuse(self, error: ValueError) -> None:
        """What the action refused, beside its field."""
        match error:
            case actions.UsernameTakenError():
                self.add_error("username", _("this username is taken: choose another."))
            case actions.PersonHasAccountError():
                self.add_error(
                    "display_name",
                    _(
                        "%(name)s already has an account, %(username)s. Each person has one "
                        "account. For another person with this name, add something that tells "
                        "them apart, for example %(name)s (Spine 2)."
                    )
                    % {"name": error.user.display_name, "username": error.user.username},
                )
            case actions.LastAdministratorError():
                self.add_error(
                    "roles",
                    _(
                        "this is the last active administrator. Make somebody else an "
                        "administrator first, or nobody can manage users."
                    ),
                )
            case _:
                raise error


class OwnNameForm(NameForm):
    """The name that an account came without, as its user gives it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].help_text = _(
            "Your own name, for example Dr Chen Lei. Only an administrator can change it later."
        )


class UserForm(NameForm):
    """What an administrator can change: the printed name, the roles and the ward."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    ward = ward_field()


class ChangeUserForm(UserForm):
    """Filled with what is on record; valid, ``cleaned_data`` is what ``change_user`` needs."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, user: User) -> None:
        on_record = {"display_name": user.display_name, "roles": user.roles, "ward": user.ward_id}
        super().__init__(data, initial=on_record | {"opened": actions.as_opened(user)})


class NewUserForm(UserForm):
    """A new account; the password is made by the site and shown once."""

    username = UsernameField(
        label=gettext_lazy("Username"),
        max_length=User._meta.get_field("username").max_length,
        validators=[refuse_unreadable, *User._meta.get_field("username").validators],
        error_messages={
            "required": gettext_lazy("nothing entered; a username is needed."),
            "invalid": gettext_lazy("allowed are letters, digits and @ . + - _, without spaces."),
        },
        widget=forms.TextInput(attrs={"class": "form-control w-l", **AS_TYPED}),
    )
    personal = forms.BooleanField(
        label=gettext_lazy(
            "This account is for one person. Only this person will know its password."
        ),
        error_messages={
            "required": gettext_lazy(
                "tick this: the access log and every report show the name of this person."
            )
        },
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    field_order = ["username", "display_name", "roles", "ward", "personal"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The first entry of the page is where typing begins.
        self.fields["username"].widget.attrs["autofocus"] = True
