"""What every answer tells the browser to refuse, and that no page needs what is refused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from rbpsite.middleware import PERMISSIONS_POLICY
from tests import cast
from tests.scripts.test_settings import PRODUCTION, checkout, settings_with
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; object-src 'none'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
__all__ = ["checkout"]


def _answers() -> dict[str, Any]:
    client = signed_in(cast.alice())
    assessment = cast.recorded()
    found: dict[str, Any] = {
        name: client.get(reverse(name, args=[assessment.pk]))
        for name in ("assessment-result", "assessment-report")
    }
    found |= {
        "not found": client.get("/nowhere"),
        "not allowed": client.post(reverse("worklist")),
        "refused": Client(enforce_csrf_checks=True).post(reverse("sign-in")),
        "signed out": Client().get("/"),
        "bad request": client.get("/", headers={"host": "evil.example"}),
        "export": client.post(reverse("history-export")),
        "data": client.get(reverse("session")),
        "static": client.get("/static/scoring/site.js"),
        "icon": client.get("/static/scoring/icon.svg"),
    }
    for response in found.values():
        if response.streaming:
            list(response.streaming_content)
    return found


def test_every_answer_carries_every_header() -> None:
    statuses = set()
    for name, response in _answers().items():
        told = response.headers
        statuses.add(response.status_code)
        policy = dict.fromkeys(told["Content-Security-Policy"].split("; "))
        assert policy == dict.fromkeys(POLICY.split("; ")), name
        assert told["X-Content-Type-Options"] == "nosniff", name
        assert told["Referrer-Policy"] == "same-origin", name
        assert told["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert told["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert told["Permissions-Policy"] == PERMISSIONS_POLICY, name
        assert "Access-Control-Allow-Origin" not in told, name
        assert "Server" not in told, name
        if name not in {"static", "icon"}:
            assert "no-store" in told["Cache-Control"], name
    assert statuses == {200, 302, 400, 403, 404, 405}


def test_every_text_says_its_encoding() -> None:
    for name, response in _answers().items():
        kind = response.headers.get("Content-Type", "")
        if kind.startswith(("text/html", "text/csv", "text/plain")):
            assert "charset=utf-8" in kind.casefold(), name


def test_no_template_holds_a_script_or_a_style() -> None:
    """Pages and drawings. Reports are files, not pages, and place labels by styles of numbers."""
    templates = list(Path(settings.BASE_DIR, "templates").rglob("*.*"))
    assert len(templates) > 30
    for path in templates:
        text = path.read_text()
        assert not re.search(r"<script(?![^>]* src=)", text), path
        assert path.name.endswith(("report.html", "blank_nomogram.html")) or not re.search(
            r"<style|\sstyle\s*=", text
        ), path
        assert not re.search(r"\son[a-z]+\s*=\s*[\"']|javascript:", text), path
        assert "|safe" not in text, path
        assert "autoescape off" not in text, path


def test_no_rendered_page_or_drawing_holds_one_either() -> None:
    client = signed_in(cast.alice())
    assessment = cast.recorded()
    pages = [
        client.get(address).content.decode()
        for address in (
            reverse("assessment-result", args=[assessment.pk]),
            reverse("patient-detail", args=[assessment.patient_id]),
            reverse("assessment-new"),
            reverse("about"),
        )
    ]
    for page in pages:
        assert not re.search(r"<style|\sstyle=|<script(?![^>]* src=)|\son[a-z]+=", page)


def test_what_is_served_as_files_is_of_these_kinds() -> None:
    served = {Path(path) for one in finders.get_finders() for path, _ in one.list([])}
    kinds = {path.suffix or path.name for path in served}
    assert kinds == {".css", ".js", ".map", ".png", ".svg", ".txt", "LICENSE"}


def test_scripts_of_ours_use_nothing_dangerous_and_keep_nothing() -> None:
    scripts = list(Path(settings.BASE_DIR, "static", "scoring").glob("*.js"))
    assert len(scripts) > 3
    for path in scripts:
        text = path.read_text()
        assert '\n"use strict";\n' in text
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(", text)
        assert not re.search(r"Storage\.(?!clear\(\))|Storage\[|indexedDB|\.cookie", text)
        assert not re.search(r"new Function|setTimeout\([\"'`]|postMessage", text)


def test_htmx_evaluates_nothing_and_keeps_no_history() -> None:
    page = signed_in(cast.alice()).get(reverse("assessment-new")).content.decode()
    (config,) = re.findall(r"name=\"htmx-config\"\s+content='([^']+)'", page)
    assert json.loads(config) == {
        "allowEval": False,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
        "selfRequestsOnly": True,
        "allowScriptTags": False,
        "refreshOnHistoryMiss": True,
    }
    assert not re.search(r"hx-on|hx-vals=.js:|hx-push-url|hx-ext", page)


def test_there_is_one_cookie_for_the_session_and_one_for_forms() -> None:
    client = Client()
    cast.alice()
    client.get(reverse("sign-in"))
    client.post(reverse("sign-in"), {"username": "alice", "password": cast.PASSWORD})
    client.post(reverse("history"), {"q": "x"}, follow=True)
    assert set(client.cookies) == {"sessionid", "csrftoken"}
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        # As much as a browser keeps.
        assert len(f"__Host-{cookie.key}{cookie.value}") <= 4096
        assert not cookie["domain"]


def test_in_production_cookies_are_bound_to_the_host_and_to_tls(checkout: Path) -> None:
    shown = settings_with(checkout, **PRODUCTION)
    for line in (
        "SESSION_COOKIE_NAME '__Host-sessionid'",
        "CSRF_COOKIE_NAME '__Host-csrftoken'",
        "SESSION_COOKIE_SECURE True",
        "CSRF_COOKIE_SECURE True",
        "LANGUAGE_COOKIE_NAME '__Host-language'",
        "LANGUAGE_COOKIE_SECURE True",
        "SECURE_SSL_REDIRECT True",
        "SECURE_HSTS_SECONDS 31536000",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS True",
        "DEBUG False",
    ):
        assert line in shown.splitlines()
    assert "SILENCED_SYSTEM_CHECKS" not in shown
