"""A QR code as SVG: one path in ink on paper, with the quiet zone the standard asks for."""

from itertools import groupby

import segno
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE

# ISO/IEC 18004: four modules of white on every side.
QUIET_ZONE_MODULES = 4


def qr_path(text: str) -> tuple[int, str]:
    """Side in modules, quiet zone included, and the path data of the dark modules.

    Error correction M (15 %) survives a crease or a stamp. Raises ``ValueError``
    (``segno.DataOverflowError``) for a text longer than a QR code holds.
    """
    rows = segno.make(text, error="m", micro=False, boost_error=False).matrix
    parts = []
    for y, row in enumerate(rows, start=QUIET_ZONE_MODULES):
        x = QUIET_ZONE_MODULES
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                parts.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return len(rows) + 2 * QUIET_ZONE_MODULES, "".join(parts)


def qr_svg(text: str, *, size: float = 50, title: str = "") -> SafeString:
    """The QR code of ``text`` as SVG, ``size`` px square. Raises ``ValueError`` if too long.

    ``title`` is what a screen reader says, where that is not the text itself.
    """
    modules, path = qr_path(text)
    return render_to_string(
        "scoring/charts/qr.svg",
        {
            "modules": modules,
            "path": path,
            "size": size,
            "title": title or _("QR code: %(text)s") % {"text": text},
            "palette": PALETTE,
        },
    )
