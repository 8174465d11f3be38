"""Chinese pages and papers without blanks beside full-width marks.

In templates each sentence and each value stands on a line of its own, which is a blank in HTML.
English needs it; 。，：（ bring their own room.
"""

import re

from scoring.words.marks import mark

_FULL_WIDTH = frozenset("，。；：？！、（）《》")
_BLANKS = " \t\r\n"
_BESIDE_MARKS = re.compile(
    r"(?<=[，。；：？！、（）《》])[ \t\r\n]+|[ \t\r\n]+(?=[，。；：？！、（）《》])"
)
# Tags, and elements whose content is no text of ours.
_TAGS = re.compile(
    r"(<(?:textarea|pre|script|style)\b.*?</(?:textarea|pre|script|style)>|<[^<>]*>)", re.S
)
# Tags inside a line of text. At others a line begins or ends, or something stands that is no text.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|dfn|em|i|kbd|label|q|small|span|strong|sub|sup|time|u|var)\b(?!-)"
)


def closed_up(html: str) -> str:
    """HTML in the language of the page; in English, or without such marks, as it is.

    Attributes and what somebody typed (``translate="no"``, the content of a field) stay as they
    are.
    """
    if mark("stop").endswith(" ") or _FULL_WIDTH.isdisjoint(html):
        return html
    pieces = _TAGS.split(html)
    # Since the last word of this line: the pieces that may end in blanks.
    loose: list[int] = []
    is_typed = after_mark = False
    for n, piece in enumerate(pieces):
        if n % 2:
            is_typed = 'translate="no"' in piece
            if not _INLINE.match(piece):
                loose, after_mark = [], False
            continue
        text = piece.strip(_BLANKS)
        if text:
            closes = after_mark or text[0] in _FULL_WIDTH
            for before in loose if closes else ():
                pieces[before] = pieces[before].rstrip(_BLANKS)
            if not is_typed:
                head, _text, tail = piece.partition(text)
                pieces[n] = ("" if closes else head) + _BESIDE_MARKS.sub("", text) + tail
            loose, after_mark = [], text[-1] in _FULL_WIDTH
        if not is_typed:
            loose.append(n)
    return "".join(pieces)
