import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests import cast
from tests.importing.tables import KEY, Importing, Results


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    """Import a table as Alice; gives the lines of the result file."""
    cast.alice()

    def imported(table: bytes, *options: str, key: str = KEY, user: str = "alice") -> Results:
        source, output = tmp_path / "patients", tmp_path / "result.csv"
        source.write_bytes(table)
        arguments = (str(source), "--as", user, "--key", key, "-o", str(output), "--overwrite")
        try:
            call_command("import_assessments", *arguments, *options)
        except CommandError as error:
            if "result.csv" not in str(error):
                raise
        assert output.stat().st_mode & 0o777 == 0o600
        text = output.read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    return imported
