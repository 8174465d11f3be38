"""The language and paper of a print, as its address names them."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy

from scoring.models import WardSettings
from scoring.models.codes import PaperSize


class PrintForm(forms.Form):
    """Both may be left out; then the user's language and the ward's paper hold."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=settings.LANGUAGES,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Nothing was printed: reports are printed in English (en) or Chinese (zh-hans)."
            )
        },
    )
    paper = forms.TypedChoiceField(
        label=gettext_lazy("Paper"),
        widget=forms.Select(attrs={"class": "form-select"}),
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

    @property
    def language_code(self) -> str:
        """The language that was chosen, else that of the page; only of a valid form."""
        return self.cleaned_data["language"] or get_language() or settings.LANGUAGE_CODE

    def size(self, ward: WardSettings) -> PaperSize:
        """The paper that was chosen, else the ward's; only of a valid form."""
        return self.cleaned_data["paper"] or PaperSize(ward.paper)

    def refusal(self) -> str:
        """What the address names that is not there; only of a form that is not valid."""
        return " ".join(str(text) for texts in self.errors.values() for text in texts)
