#!/usr/bin/env bash
# crispy-bootstrap5 2026.9: the error of InlineRadios is in the page, and nobody sees it.
#
# Bootstrap 5.3 hides every .invalid-feedback and shows it only as a later sibling of an element
# with .is-invalid (getbootstrap.com, "Validation"). The plain field puts the feedback beside the
# last radio, where it shows. InlineRadios puts it behind the box around the radios: no sibling of
# it is invalid, so it stays hidden, while the radios turn red without a word. Show the errors by a
# template of your own, or give that feedback the class d-block.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    django==5.2.19 django-crispy-forms==2.7 crispy-bootstrap5==2026.9
"$folder/venv/bin/python" - <<'PYTHON'
from xml.etree import ElementTree

import django
from django.conf import settings

settings.configure(
    ROOT_URLCONF=(),
    INSTALLED_APPS=["crispy_forms", "crispy_bootstrap5"],
    CRISPY_TEMPLATE_PACK="bootstrap5",
    TEMPLATES=[
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
    ],
)
django.setup()

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import render_crispy_form
from django import forms


def is_seen(layout_object):
    """Whether the feedback has an invalid element before it, as Bootstrap's rule asks."""

    class SideForm(forms.Form):
        side = forms.ChoiceField(choices=[("l", "left"), ("r", "right")], widget=forms.RadioSelect)

    form = SideForm({})
    form.helper = FormHelper()
    form.helper.form_tag = False
    form.helper.layout = Layout(layout_object)
    html = render_crispy_form(form).replace(" required ", ' required="" ')
    html = html.replace('aria-invalid="true">', 'aria-invalid="true"/>')
    root = ElementTree.fromstring(html.strip())
    for parent in root.iter():
        before = []
        for child in parent:
            if "invalid-feedback" in child.get("class", "").split():
                return any("is-invalid" in one.get("class", "").split() for one in before)
            before.append(child)
    raise AssertionError("no feedback in the page")


plain, inline = is_seen("side"), is_seen(InlineRadios("side"))
print("error seen: plain radios", plain, "- InlineRadios", inline)
assert plain
assert not inline
PYTHON
