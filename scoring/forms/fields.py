"""Fields that read what people type: decimal commas, full-width digits, unmistakable dates.

What was typed is never changed on the page: a field that cannot be read is shown as it was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.display import domain_texts
from scoring.entry.days import DayUnreadError, read_day
from scoring.entry.folding import folded_number
from scoring.entry.numbers import NumberUnreadError, read_number
from scoring.forms.number_texts import number_unread_text, refused_text
from scoring.forms.renderer import SEGMENTED
from scoring.forms.rule_texts import unread_text
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.predictor import NumericPredictor
from scoring.words.dates import day_text, month_numbers
from scoring.words.types import Words
from scoring.words.values import unit_text

ENTERED_MAX_LENGTH = 20
TOO_LONG = gettext_lazy(
    "you entered %(show_value)d characters; allowed are at most %(limit_value)d."
)


def token_field() -> forms.UUIDField:
    """The one-time token of a form, in a hidden field."""
    return forms.UUIDField(label=gettext_lazy("Form"), widget=forms.HiddenInput, initial=uuid4)


# For what no browser may correct, capitalise or send to a spelling service: names and numbers.
AS_TYPED = {
    "autocomplete": "off",
    "autocapitalize": "off",
    "autocorrect": "off",
    "spellcheck": "false",
}

YES_NO = [("yes", pgettext_lazy("button", "Yes")), ("no", pgettext_lazy("button", "No"))]


class WholeTextField(forms.CharField):
    """A text of at most ``max_length`` characters.

    Without ``maxlength`` on the page: a browser cuts what is pasted to it and says nothing, and a
    hospital number that was cut can be another patient's.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``; what is too long comes back as it was typed, with an error."""
        return {k: v for k, v in super().widget_attrs(widget).items() if k != "maxlength"}


@dataclass(frozen=True)
class Typed:
    """A number as read, and as it was typed; ``unit`` in UCUM where one was typed, too."""

    value: Decimal
    entered: str
    unit: str | None = None


class Segmented(forms.RadioSelect):
    """Buttons in a row of which one is chosen; none is chosen beforehand."""

    template_name = SEGMENTED


class MeasureField(forms.CharField):
    """A number with its unit and the domain of the score; gives a ``Typed``."""

    def __init__(self, predictor: NumericPredictor, **kwargs: Any) -> None:
        self.predictor = predictor
        self.unit_text = unit_text(predictor)
        # The keyboard for decimals has no minus on an iPhone.
        keyboard = "decimal" if predictor.domain.low >= 0 else "text"
        widget = forms.TextInput(attrs={"class": "form-control", "inputmode": keyboard, **AS_TYPED})
        super().__init__(widget=widget, strip=False, **kwargs)

    def allowed_text(self) -> str:
        """The domain with its unit: "75.8 to 115 mmol/L"."""
        low, high = domain_texts(*self.predictor.domain)
        return _("%(low)s to %(high)s%(unit)s") % {
            "low": low,
            "high": high,
            "unit": f" {self.unit_text}" if self.unit_text else "",
        }

    def clean(self, value: Any) -> Typed:
        """Read the number; the error says what was entered, what is allowed, in which unit."""
        entered = str(value or "").strip()
        if not entered:
            raise ValidationError(
                _("nothing entered; allowed is %(allowed)s.") % {"allowed": self.allowed_text()},
                code="required",
            )
        try:
            if len(entered) > ENTERED_MAX_LENGTH:
                raise NumberUnreadError("not_a_number")
            value, unit = read_number(entered, self.predictor)
            self.predictor.check(value)
        except NumberUnreadError as error:
            shown = shortened(entered)
            text = number_unread_text(self.predictor, shown, error, allowed=self.allowed_text())
            raise ValidationError(text, code="refused") from error
        except PredictorError as error:
            text = refused_text(
                self.predictor, entered, value, error.code, allowed=self.allowed_text()
            )
            raise RefusedNumberError(text, value) from error
        return Typed(value, entered, unit)


class RefusedNumberError(ValidationError):
    """A number that can't be scored; ``value`` is compared with the other fields of the form."""

    def __init__(self, text: str, value: Decimal) -> None:
        self.value = value
        super().__init__(text, code="refused")


def shortened(entered: str) -> str:
    """What was typed, cut where it is longer than any value."""
    return entered if len(entered) <= ENTERED_MAX_LENGTH else f"{entered[:ENTERED_MAX_LENGTH]}…"


class DayField(forms.CharField):
    """A date: 14-Mar-2026, 2026-03-14, 14.03.2026, 14/03/2026 or 2026年3月14日."""

    is_day = True

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "class": "form-control w-date",
            **AS_TYPED,
            "placeholder": gettext_lazy("DD-Mmm-YYYY"),
        }
        super().__init__(widget=forms.TextInput(attrs=attrs), strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Dates from the record are written the way the pages write them."""
        if isinstance(value, date):
            return day_text(value)
        return value

    def clean(self, value: Any) -> date | None:
        """Read the date; None where it may be left open and is."""
        entered = str(value or "").strip()
        if not entered:
            if self.required:
                raise ValidationError(
                    _("nothing entered; enter a date such as 14-Mar-2026."), code="required"
                )
            return None
        try:
            return read_day(folded_number(entered), month_numbers())
        except DayUnreadError as error:
            said = unread_text(entered[:ENTERED_MAX_LENGTH], error)
            raise ValidationError(said, code="invalid") from error


def day_in(text: str) -> date | None:
    """The date that a text is, in any form that the date fields read; None where it is none."""
    try:
        return DayField(required=False).clean(text)
    except ValidationError:
        return None


class ClockField(forms.CharField):
    """A time of day: 08:30, 8.30 or 0830; may be left open."""

    _clock = re.compile(r"(\d{1,2})[:.]?(\d{2})", re.ASCII)

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "class": "form-control w-unit",
            **AS_TYPED,
            "placeholder": gettext_lazy("HH:MM"),
        }
        super().__init__(widget=forms.TextInput(attrs=attrs), required=False, strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Times from the record are written the way the pages write them."""
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:
        """Read the time; None where it is left open."""
        entered = str(value or "").strip()
        if not entered:
            return None
        found = self._clock.fullmatch(folded_number(entered))
        try:
            if found is None:
                raise ValueError(entered)
            return time(int(found[1]), int(found[2]))
        except ValueError as error:
            raise ValidationError(
                _("you entered “%(entered)s”; enter a time such as 08:30.")
                % {"entered": entered[:ENTERED_MAX_LENGTH]},
                code="invalid",
            ) from error


def choice_field(
    choices: Sequence[tuple[str, Words]], *, label: Words, help_text: Words = ""
) -> forms.ChoiceField:
    """One of several buttons, none of them pressed beforehand, one of them needed."""
    return forms.ChoiceField(
        choices=choices,
        label=label,  # type: ignore[arg-type]
        widget=Segmented(attrs={"aria-label": label}),
        error_messages={"required": gettext_lazy("not answered.")},
        help_text=help_text,  # type: ignore[arg-type]  # the stubs know no lazy text
    )
