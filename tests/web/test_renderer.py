"""Widgets that are written without a template say what Django's own templates say."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from scoring.forms.renderer import _WRITTEN, SEGMENTED, Renderer

HOSTILE = '"><script>alert(1)</script>&'
CHOICES = [
    ("", gettext_lazy("Unit?")),
    ("a&b", HOSTILE),
    (HOSTILE, "c"),
    ("Group <", [("d", "D"), ("e", "E")]),
]
ATTRS = {"class": "w-m", "data-x": HOSTILE, "hidden": True, "disabled": False, "size": 4}


@pytest.mark.parametrize("value", ["", None, "12,8", HOSTILE, "d", True, 3])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(attrs=ATTRS),
        forms.HiddenInput(),
        forms.CheckboxInput(attrs=ATTRS),
        forms.Select(attrs=ATTRS, choices=CHOICES),
    ],
)
def test_a_widget_is_written_as_django_writes_it(widget: forms.Widget, value: Any) -> None:
    attrs = {"id": "id_x", "aria-describedby": "y z"}
    ours = widget.render("x", value, attrs, renderer=Renderer())
    theirs = widget.render("x", value, attrs, renderer=TemplatesSetting())
    assert parse_html(ours) == parse_html(theirs)


def test_every_written_widget_but_our_own_is_compared() -> None:
    compared: set[type[forms.Widget]] = {
        forms.TextInput,
        forms.HiddenInput,
        forms.CheckboxInput,
        forms.Select,
    }
    assert set(_WRITTEN) - {SEGMENTED} == {widget().template_name for widget in compared}
