#!/usr/bin/env bash
# Django 5.2.19, zh-hans: the date that a page shows is refused when it is typed back.
#
# Django writes 2026年11月28日 and lists an input format that looks made for it, '%Y年%n月%j日'.
# But %n is no strptime code and %j is the day of the year there, so the format matches no date.
# A project that shows Chinese dates has to add '%Y年%m月%d日' to its input formats.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check django==5.2.19
"$folder/venv/bin/python" - <<'PYTHON'
import datetime

import django
from django import forms
from django.conf import settings
from django.utils import formats, translation

settings.configure(USE_I18N=True)
django.setup()
print("Django", django.__version__)


def typed_back(language, field):
    with translation.override(language):
        shown = formats.date_format(datetime.date(2026, 11, 28))
        try:
            return shown, field.clean(shown)
        except forms.ValidationError:
            return shown, None


shown, read = typed_back("zh-hans", forms.DateField(localize=True))
print(f"zh-hans shows {shown} and reads it back as {read}")
assert (shown, read) == ("2026年11月28日", None)
shown, read = typed_back("zh-hans", forms.DateField(input_formats=["%Y年%m月%d日"]))
print(f"with '%Y年%m月%d日' it reads {read}")
assert read == datetime.date(2026, 11, 28)
PYTHON
