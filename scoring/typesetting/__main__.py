"""``python -m scoring.typesetting STYLESHEET DESCRIPTOR``: serve with WeasyPrint."""

import sys
from multiprocessing.connection import Connection

from scoring.typesetting.service import serve


def _draw(html: str) -> bytes:
    # Only now: an error of loading WeasyPrint is answered like any other.
    from scoring.typesetting.drawing import pdf_of

    return pdf_of(html, stylesheet=sys.argv[1])


if __name__ == "__main__":
    serve(Connection(int(sys.argv[2])), _draw)
