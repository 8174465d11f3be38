"""The command ``score`` in the tests: a patient as options, and its answer."""

import io
import os
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_DATABASE = {
    **os.environ,
    "DJANGO_SETTINGS_MODULE": "rbpsite.settings",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}
OPTIONS = {
    "--age": "80",
    "--t-score": "-2.0",
    "--trauma": "yes",
    "--edema": "yes",
    "--pdw": "12.8",
    "--chloride": "105",
    "--mvh": "no",
}


def arguments(changes: dict[str, str | None] | None = None) -> list[str]:
    options = {**OPTIONS, **(changes or {})}
    return [
        part for option, value in options.items() if value is not None for part in (option, value)
    ]


def score(**changes: str | None) -> str:
    out = io.StringIO()
    named = {"--" + name.replace("_", "-"): value for name, value in changes.items()}
    call_command("score", *arguments(named), stdout=out)
    return out.getvalue()


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]
