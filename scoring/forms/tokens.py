"""The token of an application, as an administrator asks for one."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring import actions
from scoring.forms.fields import AS_TYPED, DayField, choice_field
from scoring.forms.ward import ward_field
from scoring.models import Role, User
from scoring.models.typed_text import readable_name
from scoring.words.dates import day_text

SCORES_ALONE = "scores_alone"
MOST_DAYS = 731


class TokenForm(forms.Form):
    """Name, role, ward and last day; nothing is chosen beforehand."""

    name = forms.CharField(
        label=gettext_lazy("Name of the application"),
        help_text=gettext_lazy("The access log and reports show it, for example HIS interface."),
        max_length=User._meta.get_field("display_name").max_length,
        validators=[readable_name],
        error_messages={"required": gettext_lazy("nothing entered; a name is needed.")},
        widget=forms.TextInput(attrs={"class": "form-control w-l", **AS_TYPED}),
    )
    role = choice_field(
        [
            (SCORES_ALONE, gettext_lazy("Score without patients")),
            *((role.value, role.label) for role in actions.TOKEN_ROLES),
        ],
        label=gettext_lazy("Role"),
        help_text=gettext_lazy(
            "A clinician reads and records; a reviewer reads. Without a role it only scores values."
        ),
    )
    ward = ward_field()
    last_day = DayField(label=gettext_lazy("Valid until"))

    use_required_attribute = False

    def clean_last_day(self) -> date:
        """From today to two years ahead."""
        day: date = self.cleaned_data["last_day"]
        today = timezone.localdate()
        last = today + timedelta(days=MOST_DAYS)
        if not today <= day <= last:
            raise ValidationError(
                _("you entered %(entered)s; allowed is %(first)s to %(last)s.")
                % {
                    "entered": self.data.get("last_day", ""),
                    "first": day_text(today),
                    "last": day_text(last),
                },
                code="refused",
            )
        return day

    def refuse_name(self, error: actions.PersonHasAccountError) -> None:
        """Say whose name it is."""
        self.add_error(
            "name",
            _("%(name)s is the name of a person, %(username)s: choose another.")
            % {"name": error.user.display_name, "username": error.user.username},
        )

    def facts(self) -> dict[str, Any]:
        """What the action needs; only of a valid form. It is valid to the end of its last day."""
        cleaned = self.cleaned_data
        role = cleaned["role"]
        midnight = datetime.combine(cleaned["last_day"] + timedelta(days=1), time())
        return {
            "name": cleaned["name"],
            "role": None if role == SCORES_ALONE else Role(role),
            "ward": cleaned["ward"],
            "expires_at": timezone.make_aware(midnight),
        }
