"""The language and paper of a print, as its address names them."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from scoring.models.codes import PaperSize


class PrintForm(forms.Form):
    """Both may be left out; then the user's language and the ward's paper hold."""

    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Nothing was printed: reports are printed in English (en) or Chinese (zh-hans)."
            )
        },
    )
    paper = forms.TypedChoiceField(
        choices=[(size.lower(), size.label) for size in PaperSize],
        coerce={size.lower(): size for size in PaperSize}.__getitem__,
        empty_value=None,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Nothing was printed: reports are printed on A4 (a4) or US Letter (letter)."
            )
        },
    )

    def refusal(self) -> str:
        """What the address names that is not there; only of a form that is not valid."""
        return " ".join(str(text) for texts in self.errors.values() for text in texts)
