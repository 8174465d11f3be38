"""The texts of a result's numbers, for programs that show them to people."""

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from scoring.display import percent_range_text, percent_text, points_text, whole_percent


# The texts depend on the language and on whole per cents alone, of which there are few.
@lru_cache(maxsize=1024)
def _percent_of(_language: str | None, percent: int) -> str:
    return percent_text(percent / 100)


@lru_cache(maxsize=16_384)
def _range_of(_language: str | None, low: int, high: int) -> str:
    return percent_range_text(low / 100, high / 100)


def with_shown(plain: dict[str, Any]) -> dict[str, Any]:
    """A result or error of ``scoring.nomogram.exchange``, with ``shown`` beside its numbers.

    ``shown`` has the texts by the name of the number: points with two decimals, risks in whole per
    cent. An error has no numbers and stays as it is.
    """
    found = dict(plain)
    shown: dict[str, Any] = {}
    if "scenarios" in plain:
        found["scenarios"] = {code: with_shown(part) for code, part in plain["scenarios"].items()}
    if "points" in plain:
        shown["points"] = {
            key: points_text(value) for key, value in plain["points"].items() if value is not None
        }
    if "risk" in plain:
        language = get_language()
        shown["total_points"] = points_text(plain["total_points"])
        shown["risk"] = _percent_of(language, whole_percent(plain["risk"]))
        for name in ("ci95", "band"):
            shown[name] = _range_of(language, *map(whole_percent, plain[name]))
    if shown:
        found["shown"] = shown
    return found
