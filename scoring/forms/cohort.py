"""A table of patients to be scored or imported, and which of its columns is which."""

import hashlib
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy

from scoring.files.headings import Choice
from scoring.files.xlsx_rows import LONGEST_SHEET_NAME
from scoring.forms.fields import AS_TYPED, TOO_LONG
from scoring.models import LaboratoryColumns
from scoring.nomogram.model import Nomogram
from scoring.words.predictors import words_of
from scoring.words.types import Words


class Extent(TextChoices):
    """Which rows of a table are imported."""

    ALL_OR_NONE = "all_or_none", gettext_lazy("All rows, or none if one is refused")
    GOOD_ROWS = "good_rows", gettext_lazy("Only the rows that are right")


class CohortForm(forms.Form):
    """The file, what is known of its laboratory, and the columns as the user confirms them.

    For an import also the column that tells the rows apart, and which rows are taken; ``seen`` is
    the ``fingerprint`` of what was checked last, ``done`` how many rows were worked on since, and
    ``done_recorded`` and the like what became of them.

    ``checked_as`` is the laboratory with which the columns were shown last: with another one, those
    that were kept of it count.
    """

    table = forms.FileField(
        label=gettext_lazy("Table of patients"),
        help_text=gettext_lazy("CSV or XLSX, one patient a row."),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("no file chosen; choose a CSV or XLSX file.")},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,.txt,.xlsx"}),
    )
    laboratory = forms.ChoiceField(
        label=gettext_lazy("Columns as in tables of"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select w-l"}),
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        help_text=gettext_lazy("Only where a workbook has several tables."),
        required=False,
        max_length=LONGEST_SHEET_NAME,
        widget=forms.TextInput(attrs={"class": "form-control w-m", **AS_TYPED}),
    )
    checked_as = forms.CharField(required=False, widget=forms.HiddenInput)
    was_checked = forms.BooleanField(required=False, widget=forms.HiddenInput)
    one_is_yes = forms.BooleanField(
        label=gettext_lazy("In this table 1 means yes and 0 means no."),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the laboratory"),
        required=False,
        max_length=LaboratoryColumns._meta.get_field("name").max_length,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"class": "form-control w-l", **AS_TYPED}),
    )

    key = forms.CharField(
        label=gettext_lazy("Column that tells the rows apart"), required=False, strip=False
    )
    extent = forms.ChoiceField(
        label=gettext_lazy("Which rows?"), required=False, choices=Extent.choices
    )
    past_operations = forms.BooleanField(
        label=gettext_lazy("Operations of long ago are right in this table."), required=False
    )
    seen = forms.CharField(required=False)
    done = forms.IntegerField(required=False, min_value=0)
    done_recorded = forms.IntegerField(required=False, min_value=0)
    done_already_recorded = forms.IntegerField(required=False, min_value=0)
    done_refused = forms.IntegerField(required=False, min_value=0)

    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        model: Nomogram,
        laboratories: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data, files)
        self.model = model
        nothing: tuple[str, Words] = ("", gettext_lazy("found by their names"))
        chosen = self.fields["laboratory"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [nothing, *laboratories]
        for field, predictor in model.by_field.items():
            self.fields[f"column_{field}"] = forms.CharField(
                label=str(words_of(predictor).full_name), required=False, strip=False
            )
            self.fields[f"unit_{field}"] = forms.BooleanField(required=False)

    @property
    def stream(self) -> BinaryIO:
        """The file that was sent; only of a valid form."""
        return cast(BinaryIO, self.cleaned_data["table"].file)

    @property
    def says_columns(self) -> bool:
        """Whether the columns were shown for this laboratory, so that what is sent counts."""
        cleaned = self.cleaned_data
        return bool(cleaned["was_checked"]) and cleaned["checked_as"] == cleaned["laboratory"]

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the file and of all that was chosen for it; only of a valid form."""
        chosen = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("table", "name", "seen") and not name.startswith("done")
        }
        self.stream.seek(0)
        return hashlib.sha256(
            self.stream.read() + repr(sorted(chosen.items())).encode()
        ).hexdigest()

    def choice(self) -> Choice:
        """The columns as they were sent."""
        cleaned = self.cleaned_data
        return Choice(
            headers={
                field: cleaned[f"column_{field}"]
                for field in self.model.fields
                if cleaned[f"column_{field}"]
            },
            in_unit=frozenset(field for field in self.model.fields if cleaned[f"unit_{field}"]),
            one_is_yes=cleaned["one_is_yes"],
        )
