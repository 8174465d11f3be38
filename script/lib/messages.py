"""The catalogs of translations, kept in step with the texts of code and templates.

``script/messages`` calls it. It works on a copy, so that --check changes nothing.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

from script.lib.abort import Abort, run
from script.lib.folders import CHECKOUT

CATALOGS = CHECKOUT / "scoring" / "locale"
# Without texts for users, or, for "locale", replaced by the copy.
_IGNORED = [".venv", "tests", "script", "docs", "findings", "static", "locale"]


# What xgettext 0.21 makes of "\\u00a0" in a Python string: a backslash and five letters more.
_UNREAD_ESCAPE = re.compile(r"\\\\u([0-9a-fA-F]{4})")
# It takes "95 % limits" for a format: per cent, blank, a length, a conversion.
_FORMAT = re.compile(r"%\(\w+\)|%[%sd]")


class _Command(makemessages.Command):
    """Django's own, with what xgettext misreads put right before it goes into the catalog.

    Otherwise a text with an escape would never find its translation, and translations of "95 %"
    would count as broken formats.
    """

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Merge the new texts into the catalog."""
        pot = Path(potfile)
        entries = pot.read_text("utf-8").split("\n\n")
        pot.write_text("\n\n".join(map(_put_right, entries)), "utf-8")
        super().write_po_file(potfile, locale)


def _put_right(entry: str) -> str:
    read = _UNREAD_ESCAPE.sub(lambda found: chr(int(found[1], 16)), entry)
    return read if _FORMAT.search(read) else read.replace("#, python-format\n", "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Update or check; the exit code is 0 where nothing is left to translate."""
    parser = argparse.ArgumentParser(prog="script/messages")
    parser.add_argument("--check", action="store_true", help="change nothing")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        extracted = Path(folder, "locale")
        extract(extracted)
        for catalog in sorted(extracted.glob("*/LC_MESSAGES/django.po")):
            kept = CATALOGS / catalog.relative_to(extracted)
            if not chosen.check:
                shutil.copy(catalog, kept)
            elif _texts(catalog) != _texts(kept):
                raise Abort(f"{kept} is not of these texts. Run: script/messages")
            if left := unfinished(catalog):
                raise Abort(f"Left to translate in {kept}:\n\n{left}")
    return 0


def _texts(catalog: Path) -> set[str]:
    """The entries without the files they come from: a text that moved is the same text."""
    entries = catalog.read_text("utf-8").split("\n\n")
    return {re.sub(r"^#:.*\n", "", entry, flags=re.MULTILINE).strip() for entry in entries}


def extract(folder: Path) -> None:
    """The catalogs as ``makemessages`` makes them of what is there now, in ``folder``.

    Files are named without their lines, so that a moved line changes nothing; nor does the time.
    """
    shutil.copytree(CATALOGS, folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    django.setup()
    settings.LOCALE_PATHS = [folder]
    languages = [path.name for path in sorted(CATALOGS.iterdir())]
    before = Path.cwd()
    os.chdir(CHECKOUT)
    try:
        call_command(
            _Command(),
            locale=languages,
            ignore_patterns=_IGNORED,
            add_location="file",
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )
    finally:
        os.chdir(before)
    for catalog in folder.glob("*/LC_MESSAGES/django.po"):
        lines = catalog.read_text("utf-8").splitlines(keepends=True)
        catalog.write_text(
            "".join(line for line in lines if not line.startswith('"POT-Creation-Date')), "utf-8"
        )


def unfinished(catalog: Path) -> str:
    """The entries that are not translated, or only guessed ("fuzzy"), as the file writes them."""
    found = [
        subprocess.run(
            ["msgattrib", "--no-wrap", "--no-obsolete", chosen, str(catalog)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for chosen in ("--untranslated", "--only-fuzzy")
    ]
    # Without the head that gettext puts on top of each answer.
    return "\n".join(entries for each in found if (entries := each.partition("\n\n")[2].strip()))


if __name__ == "__main__":
    run(main)
