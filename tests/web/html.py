"""Pages as a reader sees them: controls, what stands beside them, text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.test.html import Element, parse_html
from django.urls import reverse

from scoring.models import User

_ROWS = {"field", "predictor"}


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


@dataclass(frozen=True)
class Control:
    """An input, select or textarea, and the elements around it from the outside in."""

    name: str
    element: Element
    around: tuple[Element, ...]

    @property
    def attributes(self) -> dict[str, str]:
        """Attributes; one without a value counts as empty."""
        return {name: value or "" for name, value in self.element.attributes}

    @property
    def chosen(self) -> bool:
        """Whether a radio button or a tick box is set."""
        return "checked" in self.attributes

    @property
    def value(self) -> str:
        """What is typed or selected."""
        if self.element.name != "select":
            return self.attributes.get("value", "")
        for option in elements(self.element):
            attributes = dict(option.attributes)
            if option.name == "option" and "selected" in attributes:
                return attributes.get("value") or ""
        return ""


class Page:
    """A parsed page."""

    def __init__(self, response: HttpResponse | Any) -> None:
        self.html: str = response.content.decode()
        self.root: Element = parse_html(self.html)
        self.controls = list(_controls(self.root, ()))

    def control(self, name: str) -> Control:
        """The only, or the first, control with this name."""
        return next(control for control in self.controls if control.name == name)

    def value(self, name: str) -> str:
        """What stands in a control; for buttons the chosen one, "" if there is none."""
        found = [control for control in self.controls if control.name == name]
        if found[0].attributes.get("type") in {"radio", "checkbox"}:
            return next((c.attributes.get("value", "on") for c in found if c.chosen), "")
        return found[0].value

    def offered(self, name: str) -> str:
        """What the one box of this name stands for, ticked or not."""
        (box,) = (control for control in self.controls if control.name == name)
        return box.attributes.get("value", "on")

    def beside(self, name: str) -> list[str]:
        """The errors in the row of a control."""
        return [text(found) for found in _with_class(self._row(name), "error")]

    def notes_beside(self, name: str, kind: str) -> list[str]:
        """Cautions or readings in the row of a control."""
        return [text(found) for found in _with_class(self._row(name), kind)]

    def _row(self, name: str) -> Element:
        around = self.control(name).around
        for outer, inner in zip(reversed(around[:-1]), reversed(around), strict=False):
            if _ROWS & classes(inner) or "checks" in classes(outer):
                return inner
        raise AssertionError(f"{name} stands in no row")

    def by_id(self, identifier: str) -> Element:
        """The element with this id."""
        return next(e for e in elements(self.root) if dict(e.attributes).get("id") == identifier)

    def has_id(self, identifier: str) -> bool:
        """Whether there is an element with this id."""
        return any(dict(e.attributes).get("id") == identifier for e in elements(self.root))

    @property
    def text(self) -> str:
        """All text, spaces folded."""
        return text(self.root)


def elements(root: Element) -> Iterator[Element]:
    """The element and all within it."""
    yield root
    for child in root.children:
        if isinstance(child, Element):
            yield from elements(child)


def classes(element: Element) -> set[str]:
    """The classes of an element."""
    return set((dict(element.attributes).get("class") or "").split())


def text(element: Element) -> str:
    """The text within an element, spaces folded."""
    parts: list[str] = []

    def gather(node: Element | str) -> None:
        if isinstance(node, str):
            parts.append(node)
        elif node.name not in {"script", "style"}:
            for child in node.children:
                gather(child)

    gather(element)
    return " ".join(" ".join(parts).split())


def _with_class(root: Element, name: str) -> list[Element]:
    return [e for e in elements(root) if {"msg", name} <= classes(e)]


def _controls(element: Element, around: tuple[Element, ...]) -> Iterator[Control]:
    name = dict(element.attributes).get("name")
    if element.name in {"input", "select", "textarea"} and name:
        yield Control(name, element, around)
    for child in element.children:
        if isinstance(child, Element):
            yield from _controls(child, (*around, element))


def new_assessment(client: Client, data: dict[str, Any]) -> HttpResponse:
    """Send the form of a new assessment."""
    response: HttpResponse = client.post(reverse("assessment-new"), data)  # type: ignore[assignment]
    return response
