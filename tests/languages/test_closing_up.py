"""Blanks beside full-width marks, which HTML makes of the lines of a template."""

import pytest
from django.utils.translation import override

from scoring.words.closing_up import closed_up


@pytest.mark.parametrize(
    ("html", "closed"),
    [
        ("<p>第一句。\n  第二句。</p>", "<p>第一句。第二句。</p>"),
        ("<b>注意：</b>\n <span>\n 姓名</span>", "<b>注意：</b><span>姓名</span>"),
        ("王秀兰 ，出生日期", "王秀兰，出生日期"),
        ("<b>PDW</b> （<b> fL</b> ）", "<b>PDW</b>（<b>fL</b>）"),
        # Marks and words of other scripts keep their room.
        ("术后 24 h <b>risk</b> of", "术后 24 h <b>risk</b> of"),
        # No text of ours: a field, what stands in an attribute, what somebody typed.
        ("年龄： <input value='甲。 乙'> 岁", "年龄： <input value='甲。 乙'> 岁"),
        ("<textarea>甲。\n乙</textarea>", "<textarea>甲。\n乙</textarea>"),
        (
            '原因： <i translate="no">甲。 乙</i> 。',
            '原因：<i translate="no">甲。 乙</i>。',
        ),
        # At the end of a block a new line begins anyway.
        ("<p>甲。</p>\n<p>乙</p>", "<p>甲。</p>\n<p>乙</p>"),
    ],
)
def test_chinese_is_closed_up_and_english_is_not(html: str, closed: str) -> None:
    with override("zh-hans"):
        assert closed_up(html) == closed
    with override("en"):
        assert closed_up(html) == html
