"""Dates and ranges that stay on one line."""

import pytest

from scoring.templatetags.scoring_words import unbroken


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("due on 09-Oct-2024 at the latest", ["09-Oct-2024"]),
        ("2026年11月29日 12:30，2024年6月起", ["2026年11月29日 12:30", "2024年6月"]),
        ("65.5%（57.5～72.8）", ["57.5～72.8"]),
        ("8.7%～55.6%、72.5%～81.3%", ["8.7%～55.6%", "72.5%～81.3%"]),
        ("−10～+4，75.8～115 mmol/L", ["−10～+4", "75.8～115"]),
        ("0.5 to 1.2 & more", []),
    ],
)
def test_what_stays_on_one_line(text: str, kept: list[str]) -> None:
    html = str(unbroken(text))
    assert html.replace('<span class="nowrap">', "").replace("</span>", "") == text.replace(
        "&", "&amp;"
    )
    assert [part.split("</span>")[0] for part in html.split('<span class="nowrap">')[1:]] == kept
