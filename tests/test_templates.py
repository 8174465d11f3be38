"""Templates read like code: short lines, one element a line. djangofmt does the rest."""

from pathlib import Path

from django.conf import settings

LONGEST_LINE = 140


def template_files() -> list[Path]:
    """The site's templates, pages and drawings alike."""
    return [path for path in (settings.BASE_DIR / "templates").rglob("*.*") if path.is_file()]


def test_no_template_has_an_overlong_line() -> None:
    files = template_files()
    overlong = [
        f"{path.relative_to(settings.BASE_DIR)}:{number} has {len(line)} characters"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert {path.suffix for path in files} == {".html", ".svg"}
    assert overlong == []
