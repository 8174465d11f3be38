"""What the searches share: a span of days, and which filters may stand in an address."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class SearchForm(forms.Form):
    """Filters of a list; the text searched for is in the field ``q`` and is patient data."""

    span: ClassVar[tuple[str, str]]

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        cleaned = self.cleaned_data
        first, last = (cleaned.get(name) for name in self.span)
        if first is not None and last is not None and first > last:
            said = _("this date is before the first one.")
            self.add_error(self.span[1], ValidationError(said, code="order"))
        return cleaned

    @classmethod
    def shared_names(cls) -> list[str]:
        """The fields that may stand in an address: all but the text searched for."""
        return [name for name in cls.base_fields if name != "q"]

    @property
    def typed(self) -> dict[str, str]:
        """The filters that are set, as they stand in the address."""
        return {name: self.data[name] for name in self.shared_names() if self.data.get(name)}
