"""SVG as a data URI, for an image of a document that carries everything itself."""

from base64 import b64encode


def as_data_uri(svg: str) -> str:
    """The drawing as the ``src`` of an image; safe inside a double-quoted attribute."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
