#!/usr/bin/env bash
# python-hl7 0.4.5: unescape(escape("王")) is another text, without an error.
#
# escape() writes a character that is not ASCII as one \X..\ of its code point, four digits for
# 王; unescape() reads two digits at a time, as HL7 means them, and makes two other letters of it.
# A library that is told "escape whatever you send" loses every Chinese name. Separators alone have
# to be escaped; the character set of MSH-18 carries the rest.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check hl7==0.4.5
"$folder/venv/bin/python" - <<'PYTHON'
import hl7

message = hl7.parse("MSH|^~\\&|LIS\rPID|1")
for name in ("Wang", "a|b^c", "王秀兰", "é"):
    escaped = message.escape(name)
    back = message.unescape(escaped)
    print(f"{name!r} is escaped as {escaped!r} and read back as {back!r}")
    assert (back == name) == (name != "王秀兰")
PYTHON
