"""The manifest of the home screen: what it names is there, in the size that it says."""

import re
import struct
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from scoring.web import web_app

pytestmark = pytest.mark.django_db
_PNG_SIZE = slice(16, 24)


def _static(name: str) -> Path:
    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found)


def test_it_opens_the_worklist_and_needs_no_sign_in(client: Client) -> None:
    response = client.get(reverse("manifest"))
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert manifest["name"] == "RBP risk"
    assert manifest["start_url"] == reverse("worklist")
    assert manifest["display"] == "standalone"
    assert f'href="{reverse("manifest")}"' in client.get(reverse("sign-in")).content.decode()


def test_its_icons_are_as_large_as_it_says(client: Client) -> None:
    pictures = [i for i in client.get(reverse("manifest")).json()["icons"] if i["sizes"] != "any"]
    assert {(i["sizes"], i["purpose"]) for i in pictures} == {
        (f"{size}x{size}", purpose)
        for size in web_app.ICON_SIZES_PX
        for purpose in ("any", "maskable")
    }
    for size in web_app.ICON_SIZES_PX:
        header = _static(f"scoring/icon-{size}.png").read_bytes()
        assert struct.unpack(">II", header[_PNG_SIZE]) == (size, size)


def test_its_colors_are_those_of_the_pages(client: Client) -> None:
    by_day, by_night = _static("scoring/colors.css").read_text().split("@media", 2)[:2]
    assert f"--page: {web_app.PAGE_COLOR};" in by_day
    page = client.get(reverse("sign-in")).content.decode()
    shown = dict(re.findall(r'content="(#\w+)" media="\(prefers-color-scheme: (\w+)\)"', page))
    (paper_by_night,) = re.findall(r"--paper: (#\w+);", by_night)
    assert shown == {web_app.BAR_COLOR: "light", paper_by_night: "dark"}
