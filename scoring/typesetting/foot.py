"""Room for a foot that is drawn into a finished PDF for each print (scoring/report/stamp.py)."""

from collections.abc import Iterator
from typing import Any

from pydyf import Array, Dictionary, Stream

_PT_OF_PX = 0.75


def leave_room(document: Any, pdf: Any, zoom: float) -> None:
    """Where a document has an empty foot, draw a form that the print fills, as an artifact.

    The document is drawn ``zoom`` times as large as it was laid out. The form has the entry
    ``/PrintedFoot``; its origin is where the first letter of the foot begins on its base line.
    """
    feet = [next(_feet(page._page_box), None) for page in document.pages]
    if not any(feet):
        return
    form = Stream(
        extra={
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": Array((0, 0, 1, 1)),
            "PrintedFoot": "true",
        }
    )
    pdf.add_object(form)
    pages = [each for each in pdf.objects if _is_page(each)]
    for page, foot in zip(pages, feet, strict=True):
        if foot is not None:
            content = pdf.objects[int(page["Contents"].split()[0])]
            resources = pdf.objects[int(page["Resources"].split()[0])]
            resources["XObject"]["printed-foot"] = form.reference
            x, y = (px * _PT_OF_PX * zoom for px in foot)
            content.stream += [
                b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC",
                f"q {zoom:g} 0 0 -{zoom:g} {x:.3f} {y:.3f} cm /printed-foot Do Q".encode(),
                b"EMC",
            ]


def _is_page(each: Any) -> bool:
    return isinstance(each, Dictionary) and each.get("Type") == "/Page"


def _feet(box: Any) -> Iterator[tuple[float, float]]:
    """Where the text of an empty foot begins, in px from the top left corner."""
    element = getattr(box, "element", None)
    if element is not None and element.get("class") == "printed-foot" and hasattr(box, "text"):
        yield box.position_x, box.position_y + box.baseline
    for child in getattr(box, "children", ()):
        yield from _feet(child)
