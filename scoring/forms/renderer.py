"""Widgets that stand on a form dozens of times, written without a template.

A template of Django's for one text field calls two more, and one for a list calls two for each
line: a third of what the assessment form took.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SEGMENTED = "scoring/segmented"


class Renderer(TemplatesSetting):
    """Templates of the site and of Django, but for the widgets below."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """The HTML of a form, a field or a widget."""
        if write := _WRITTEN.get(template_name):
            return write(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _input(widget: dict[str, Any]) -> SafeString:
    value = {} if widget["value"] is None else {"value": widget["value"]}
    attrs = {"type": widget["type"], "name": widget["name"], **value, **widget["attrs"]}
    return format_html("<input{}>", flatatt(attrs))


def _select(widget: dict[str, Any]) -> SafeString:
    groups = format_html_join(
        "",
        "{}",
        ((_group(name, _options(lines)),) for name, lines, _index in widget["optgroups"]),
    )
    attrs = flatatt({"name": widget["name"], **widget["attrs"]})
    return format_html("<select{}>{}</select>", attrs, groups)


def _group(name: str | None, options: SafeString) -> SafeString:
    return format_html('<optgroup label="{}">{}</optgroup>', name, options) if name else options


def _options(lines: list[dict[str, Any]]) -> SafeString:
    return format_html_join(
        "",
        "<option{}>{}</option>",
        ((flatatt({"value": line["value"], **line["attrs"]}), line["label"]) for line in lines),
    )


def _segmented(widget: dict[str, Any]) -> SafeString:
    """Buttons in a row: the class of the group is in place of the one of each button."""
    buttons = format_html_join(
        "\n",
        '<input class="btn-check" type="radio" name="{}" id="{}" value="{}" autocomplete="off"{}>'
        '<label class="btn" for="{}">{}</label>',
        (
            (
                button["name"],
                button["attrs"]["id"],
                button["value"],
                flatatt({"checked": button["selected"]}),
                button["attrs"]["id"],
                button["label"],
            )
            for _group, buttons, _index in widget["optgroups"]
            for button in buttons
        ),
    )
    return format_html(
        '<div class="btn-group yn" role="radiogroup"{}>{}</div>', flatatt(widget["attrs"]), buttons
    )


_WRITTEN: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    forms.TextInput.template_name: _input,
    forms.HiddenInput.template_name: _input,
    forms.CheckboxInput.template_name: _input,
    forms.Select.template_name: _select,
    SEGMENTED: _segmented,
}
