"""Help on paper: a guide of two pages and a quick card. They show no patient but synthetic ones."""

from base64 import b64encode
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language

from scoring import charts
from scoring.charts.palette import PALETTE
from scoring.entry import windows
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.definitions import definitions

_SCREENSHOTS = ("form", "result", "worklist")


def guide_html() -> str:
    """The guide, in the language of the request."""
    drawings = [
        (definition, charts.as_data_uri(drawing))
        for definition in definitions()
        if (drawing := charts.example_svg(definition, ink=PALETTE.ink))
    ]
    context = _context() | {"drawings": drawings}
    return render_to_string(
        "scoring/help_guide.html", context | {name: _screenshot(name) for name in _SCREENSHOTS}
    )


def quick_card_html() -> str:
    """The quick card, in the language of the request."""
    return render_to_string("scoring/help_quick_card.html", _context())


def _context() -> dict[str, object]:
    return {
        "model": RONG_2025,
        "site_version": settings.VERSION,
        "windows": list(windows.VAS.values()),
        "idle_minutes": settings.IDLE_SECONDS // 60,
    }


def _screenshot(name: str) -> str:
    """A picture of ``script/screenshots`` as the address of an image; "" where there is none."""
    for language in (get_language(), "en"):
        found = finders.find(f"scoring/help/{name}.{language}.png")
        if found:
            return "data:image/png;base64," + b64encode(Path(found).read_bytes()).decode()
    return ""
