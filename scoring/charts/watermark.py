"""The word across a printed page that must not be mistaken for the valid one, as an outline.

An image, because WeasyPrint strokes the letters of a drawing but not those of a page.
"""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from scoring.charts.palette import PALETTE, PRINT_FONTS

# 60 pt in millimetres, in a drawing as wide as the sheet; a longer word is set smaller.
_FONT_SIZE_MM = 21.0
_ROOM_MM = 190.0
_MM_PER_LETTER = 17.0


def watermark_svg(word: str) -> SafeString:
    """The word in outline, 210 mm wide, rising from left to right."""
    fits = min(1.0, _ROOM_MM / (_MM_PER_LETTER * max(len(word), 1)))
    return render_to_string(
        "scoring/charts/watermark.svg",
        {
            "word": word,
            "font_size": round(_FONT_SIZE_MM * fits, 1),
            "palette": PALETTE,
            "fonts": PRINT_FONTS,
        },
    )
