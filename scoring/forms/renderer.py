"""Widgets that stand on a form dozens of times, written without a template.

A template of Django's for one text field calls two more, and one for a list calls two for each
line: a third of what the assessment form took.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString

SEGMENTED = "scoring/segmented"


class Renderer(TemplatesSetting):
    """Templates of the site and of Django, but for the widgets below."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """The HTML of a form, a field or a widget."""
        if write := _WRITTEN.get(template_name):
            return SafeString(write(context["widget"]))
        return SafeString(super().render(template_name, context, request))


def _written(value: object) -> str:
    """A text inside HTML. Django's own functions look at each argument for a lazy text first."""
    return str(value) if hasattr(value, "__html__") else escape(str(value))


def _attributes(attrs: Mapping[str, Any]) -> str:
    """As Django's ``flatatt``, by name: values first, then the names of what is true."""
    given = [(name, attrs[name]) for name in sorted(attrs) if attrs[name] is not None]
    values = [f' {name}="{_written(v)}"' for name, v in given if not isinstance(v, bool)]
    return "".join(values + [f" {name}" for name, value in given if value is True])


def _input(widget: dict[str, Any]) -> str:
    value = {} if widget["value"] is None else {"value": widget["value"]}
    attrs = {"type": widget["type"], "name": widget["name"], **value, **widget["attrs"]}
    return f"<input{_attributes(attrs)}>"


def _select(widget: dict[str, Any]) -> str:
    groups = "".join(_group(name, _options(lines)) for name, lines, _index in widget["optgroups"])
    return f"<select{_attributes({'name': widget['name'], **widget['attrs']})}>{groups}</select>"


def _group(name: str | None, options: str) -> str:
    return f'<optgroup label="{_written(name)}">{options}</optgroup>' if name else options


def _options(lines: list[dict[str, Any]]) -> str:
    return "".join(
        f"<option{_attributes({'value': line['value'], **line['attrs']})}>"
        f"{_written(line['label'])}</option>"
        for line in lines
    )


def _segmented(widget: dict[str, Any]) -> str:
    """Buttons in a row: the class of the group is in place of the one of each button."""
    buttons = "\n".join(
        _button(button) for _group, buttons, _index in widget["optgroups"] for button in buttons
    )
    group = _attributes(widget["attrs"])
    return f'<div class="btn-group yn" role="radiogroup"{group}>{buttons}</div>'


def _button(button: dict[str, Any]) -> str:
    key, checked = _written(button["attrs"]["id"]), " checked" if button["selected"] else ""
    return (
        f'<input class="btn-check" type="radio" name="{_written(button["name"])}" id="{key}" '
        f'value="{_written(button["value"])}" autocomplete="off"{checked}>'
        f'<label class="btn" for="{key}">{_written(button["label"])}</label>'
    )


_WRITTEN: dict[str, Callable[[dict[str, Any]], str]] = {
    forms.TextInput.template_name: _input,
    forms.HiddenInput.template_name: _input,
    forms.CheckboxInput.template_name: _input,
    forms.Select.template_name: _select,
    SEGMENTED: _segmented,
}
