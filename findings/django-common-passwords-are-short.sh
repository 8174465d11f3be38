#!/usr/bin/env bash
# Django 5.2.19: with a minimum length of 12, CommonPasswordValidator refuses next to nothing.
#
# Its list has 20,000 common passwords, but all except 190 are shorter than 12 characters, and the
# length refuses those already. Doubled words and words with a year or a row of digits pass both
# validators. Who asks for long passwords needs another rule against the common ones among them,
# such as an estimate of the guesses (zxcvbn 4.5.0 gives all of these at most 2 of 4).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check django==5.2.19 zxcvbn==4.5.0
"$folder/venv/bin/python" - <<'PYTHON'
import django
from django.conf import settings
from django.contrib.auth import password_validation as rules
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

settings.configure()
django.setup()
print("Django", django.__version__)

common = rules.CommonPasswordValidator()
long_ones = [each for each in common.passwords if len(each) >= 12]
print(f"{len(common.passwords):,} common passwords, {len(long_ones)} of 12 characters and more")
assert len(common.passwords) > 19_000
assert len(long_ones) == 190


def is_refused(password):
    try:
        for rule in (rules.MinimumLengthValidator(12), common):
            rule.validate(password)
    except ValidationError:
        return True
    return False


for password in ("passwordpassword", "iloveyou12345", "december2026", "zhongguo123456"):
    score = zxcvbn(password)["score"]
    print(password, "refused" if is_refused(password) else "taken", "zxcvbn", score)
    assert not is_refused(password)
    assert score <= 2
PYTHON
