"""A number and its unit are never parted by the end of a line; plain text has plain spaces."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from scoring.models import Role
from tests import cast
from tests import worked_example as worked
from tests.life import acts
from tests.web.html import Page, signed_in

_APART = re.compile(r"[\d>] (?:%|fL\b|mmol/L|years\b|y\b|h\b)|\bVAS \d|[<>] \d+\s%")
# Neither cells of numbers nor words in a drawing are broken at all.
_WHOLE = re.compile(r'<td class="num(?: nowrap)?">.*?</td>|<svg.*?</svg>', re.DOTALL)
_CHART_NOTE = re.compile(r'<pre class="chart-note".*?</pre>', re.DOTALL)


def _parted(html: str) -> list[str]:
    """Where a plain space stands between a number and its unit in what a page shows."""
    words = re.sub(r"<[^>]+>", "\n", _WHOLE.sub("", _CHART_NOTE.sub("", html)))
    return [
        unescape(words)[max(0, m.start() - 20) : m.end()] for m in _APART.finditer(unescape(words))
    ]


@pytest.mark.django_db
def test_no_page_parts_a_number_from_its_unit() -> None:
    acts.outcome(cast.recorded(), acts.measured(3, 5))
    odd = cast.worked_example(pdw_fl=cast.measured("20.5"), chloride_mmol_l=cast.measured("76"))
    waiting = cast.before_the_radiograph(operation_date=cast.OPERATION)
    shown = [cast.recorded(cast.person(f"H{n}"), entry) for n, entry in enumerate((odd, waiting))]
    client = signed_in(cast.account("rolf", "Rolf", *Role))
    addresses = ["/", "/history", "/about", "/help", "/validation", "/assessments/new"]
    for of in shown:
        addresses += [f"/patients/{of.patient_id}", f"/assessments/{of.pk}"]
        addresses += [f"/assessments/{of.pk}/{page}" for page in ("amend", "outcome/day-3")]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert _parted(response.content.decode()) == [], address


def test_no_template_parts_a_number_from_its_unit() -> None:
    """Reports are made of these, too."""
    for file in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        text = re.sub(r"\{%(?! (?:block)?translate).*?%\}", "", file.read_text())
        assert re.findall(r"\d %(?!\})|\d (?:fL|mmol/L|h)\b|VAS \d|\}\} %(?!\})", text) == [], file


@pytest.mark.django_db
def test_the_chart_note_has_plain_spaces_alone() -> None:
    page = Page(signed_in(cast.alice()).get(f"/assessments/{cast.recorded().pk}"))
    (note,) = _CHART_NOTE.findall(page.html)
    assert "\u00a0" not in note
    assert "&nbsp;" not in note
    assert (
        f"{worked.RISK} (approx. 95 % CI {worked.CI95}; range of the reconstruction {worked.RANGE})"
        in note
    )
    assert "Platelet distribution width 12.8 fL 23.60" in note
