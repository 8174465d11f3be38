"""``python -m tests.report.typesetter FILE DESCRIPTOR``: hangs while FILE is there."""

import logging
import sys
import time
import warnings
from multiprocessing.connection import Connection
from pathlib import Path

from scoring.typesetting.service import serve


def draw(html: str) -> bytes:
    while Path(sys.argv[1]).exists():
        time.sleep(0.02)
    if "talk" in html:
        logger = logging.getLogger("weasyprint")
        logger.warning('.notdef glyph rendered for Unicode: "%s" (U+%04X)', "王", 0x738B)
        logger.warning("Ignored `%s` at %d:%d", "王", 12, 3)
        warnings.warn("王", DeprecationWarning, stacklevel=1)
    if "fail" in html:
        raise ValueError("王")
    return html.encode()


if __name__ == "__main__":
    serve(Connection(int(sys.argv[2])), draw)
