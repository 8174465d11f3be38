#!/usr/bin/env bash
# python-hl7 0.4.5 and messages that are not quite right: no error, or one of no kind of its own.
#
# With line feeds between segments, as some analyzers send them, parse() gives a message of one
# segment in which every result has become part of the header. With \r\n each segment but the first
# has a name that begins with a line feed, so that none is found. What is no message at all raises
# IndexError or AssertionError beside the library's own ParseException.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check hl7==0.4.5
"$folder/venv/bin/python" - <<'PYTHON'
import hl7

lines = ["MSH|^~\\&|LIS||||||ORU^R01|1|P|2.3.1", "PID|1||H1", "OBX|1|NM|PDW||12.4|fL|||||F"]
for end, expected in (
    ("\r", ["MSH", "PID", "OBX"]),
    ("\n", ["MSH"]),
    ("\r\n", ["MSH", "\nPID", "\nOBX"]),
):
    names = [str(segment[0]) for segment in hl7.parse(end.join(lines))]
    print(f"segments that end with {end!r}: {names}")
    assert names == expected
for text, error in (("MSH|", IndexError), ("MSHa~a\\&a", AssertionError)):
    try:
        hl7.parse(text)
    except error as raised:
        print(f"parse({text!r}) raises {type(raised).__name__}")
    else:
        raise SystemExit(f"{text!r} was read")
PYTHON
