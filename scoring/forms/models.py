"""The versions of the model to choose from: published ones, and those adjusted to this hospital."""

from collections.abc import Iterable
from typing import NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring import queries

# Stands in place of a model's identifier for a version adjusted to this hospital.
RECALIBRATED = "recalibrated"


class ModelVersion(NamedTuple):
    """Identifier and version of a published model, or the number of a recalibration."""

    model: tuple[str, str] | None
    recalibration: int | None


class ModelField(forms.TypedChoiceField):
    """One of the versions that results on record were made with; gives a ``ModelVersion``."""

    def __init__(self, *, required: bool) -> None:
        super().__init__(
            label=gettext_lazy("Model"),
            coerce=_version_of,
            empty_value=None,
            required=required,
            widget=forms.Select(attrs={"class": "form-select w-m"}),
        )

    def offer(self, always: Iterable[tuple[str, str]] = ()) -> None:
        """What is on record, and these published models besides; nothing too, if not required."""
        # The newest first: browsers mark the first where an address asks for none of them.
        published = sorted({*always, *queries.models_on_record()}, reverse=True)
        self.choices = [
            *([] if self.required else [("", _("Any"))]),
            *((code_of(model), _name_of(*model)) for model in published),
            *(
                (f"{RECALIBRATED}/{number}", _("recalibrated, %(number)s") % {"number": number})
                for number in queries.recalibrations_in_use()
            ),
        ]


def code_of(model: tuple[str, str]) -> str:
    """How a published model stands in an address."""
    return "/".join(model)


def _name_of(identifier: str, version: str) -> str:
    return _("%(identifier)s, version %(version)s") % {
        "identifier": identifier,
        "version": version,
    }


def _version_of(code: str) -> ModelVersion:
    identifier, _slash, version = code.rpartition("/")
    if identifier == RECALIBRATED:
        return ModelVersion(None, int(version))
    return ModelVersion((identifier, version), None)
