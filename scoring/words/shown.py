"""The texts of a result's numbers, for programs that show them to people."""

from collections.abc import Callable
from typing import Any

from scoring.display import percent_range_text, percent_text, points_text

_TEXTS: dict[str, Callable[[Any], Any]] = {
    "points": lambda points: {
        key: points_text(value) for key, value in points.items() if value is not None
    },
    "total_points": points_text,
    "risk": percent_text,
    "ci95": lambda ends: percent_range_text(*ends),
    "band": lambda ends: percent_range_text(*ends),
}


def with_shown(plain: dict[str, Any]) -> dict[str, Any]:
    """A result or error of ``scoring.nomogram.exchange``, with ``shown`` beside its numbers.

    ``shown`` has the texts by the name of the number: points with two decimals, risks in whole per
    cent. An error has no numbers and stays as it is.
    """
    found = dict(plain)
    if "scenarios" in plain:
        found["scenarios"] = {code: with_shown(part) for code, part in plain["scenarios"].items()}
    shown = {name: text(plain[name]) for name, text in _TEXTS.items() if name in plain}
    return found | {"shown": shown} if shown else found
