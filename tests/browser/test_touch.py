"""Fingers: with a touch screen everything that is pressed is as high as a fingertip."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests import cast
from tests.browser import steps
from tests.life import acts

# Level AAA of WCAG 2.2, success criterion 2.5.5; 24 pixels of level AA are checked by axe.
_FINGER_PX = 44
# The label of a control is pressed as well as the control. Links in a sentence have its height.
_TOO_LOW = """least => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => e.checkVisibility({visibilityProperty: true, opacityProperty: false})
        && e.getBoundingClientRect().width > 1
        && !e.closest(".skip, .day-tools, p, dd, .meta, footer"))
    .filter((e) => {
        const heights = [e, ...(e.labels ?? [])].map((one) => one.getBoundingClientRect().height);
        return Math.max(...heights) < least - 0.5;
    })
    .map((e) => `${e.tagName} ${e.className} ${e.name ?? ""} ${e.textContent.trim().slice(0, 30)}: `
        + e.getBoundingClientRect().height)"""


@pytest.mark.parametrize("size", [(1180, 820), (390, 844)], ids=["tablet", "telephone"])
def test_what_is_pressed_is_as_high_as_a_fingertip(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, size: tuple[int, int]
) -> None:
    context = new_context(has_touch=True, is_mobile=True)
    steps.hold_session(context, cast.alice(), live_server.url)
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    of = cast.recorded()
    acts.outcome(of, acts.measured(3, 5))
    cast.recorded(cast.person("H7"), cast.before_the_radiograph())
    for address in (
        "/",
        "/assessments/new",
        f"/assessments/{of.pk}",
        f"/assessments/{of.pk}/outcome/day-30",
        "/history",
        f"/patients/{of.patient.pk}",
        "/calculator",
        "/account",
    ):
        page.goto(address)
        assert page.evaluate("matchMedia('(pointer: coarse)').matches")
        low = page.evaluate(_TOO_LOW, _FINGER_PX)
        assert not low, address + "\n" + "\n".join(low)
