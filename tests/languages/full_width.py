"""Half-width marks beside Chinese, and blanks beside full-width ones: neither may stand."""

import re
from collections.abc import Iterable

_LEFT_OUT = re.compile(r"<(textarea|pre|script|style)\b.*?</\1>", re.S)
_ATTRIBUTE = re.compile(
    r"""\s(?:alt|aria-label|data-label|data-stale|data-q[\w-]*|placeholder|title)="([^"]*)\""""
)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|dfn|em|i|kbd|label|q|small|span|strong|sub|sup|time|u|var)\b(?!-)[^<>]*>"
)
_HAN, _FULL = "[一-鿿]", "[，。；：？！、（）《》]"
_WRONG = re.compile(
    rf"{_FULL} | {_FULL}|{_HAN} ?[,;:?!()]|[,;:?!()] ?{_HAN}|{_HAN}\.(?: |$)|\( ?{_HAN}", re.M
)

_WRONG_IN_PDF = re.compile(rf"[，。；：？！、（《] {_HAN}| {_FULL}|{_HAN}[,;:?!()]|[,;:?!()]{_HAN}")
# A formula keeps the brackets of mathematics: 0.95 × (100 − 周岁年龄), exp(0.001). So does a unit.
_FORMULA = re.compile(r"\([^()]*[−×/=][^()]*\)|(?:exp|logit)\([^()]*\)|\(GSD\)")
_KEY = re.compile(r"<kbd>.*?</kbd>", re.S)


def lines_of(html: str) -> list[str]:
    """A page's lines of text, as HTML makes them of its blanks, and the texts of its attributes."""
    html = _KEY.sub("K", _LEFT_OUT.sub("\n", html))
    spoken = _ATTRIBUTE.findall(html)
    text = re.sub(r"<[^<>]*>", "\0", _INLINE.sub("", html)).replace("&nbsp;", " ")
    return [" ".join(line.split()) for line in (*spoken, *text.split("\0")) if line.strip()]


def wrong_marks(lines: Iterable[str], *, of_pdf: bool = False) -> list[str]:
    """The lines with a mark that must not stand so, with what is around it; each once.

    In a line of a PDF's text cells stand side by side, with a blank between.
    """
    wrong = _WRONG_IN_PDF if of_pdf else _WRONG
    found = []
    for line in dict.fromkeys(lines):
        while line != (line := _FORMULA.sub("0", line)):
            pass
        if match := wrong.search(line):
            found.append(f"…{line[max(0, match.start() - 15) : match.end() + 15]}…")
    return found
