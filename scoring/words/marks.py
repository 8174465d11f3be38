"""The marks between parts of a text, which are other ones in each language.

A sentence is never put together from pieces; what stands here joins whole names, values, clauses
and sentences.
"""

from collections.abc import Iterable
from functools import reduce

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from scoring.words.types import Words

_MARKS: dict[str, Words] = {
    "comma": pgettext_lazy("between the parts of a line", ", "),
    "list comma": pgettext_lazy("between the items of a list", ", "),
    "semicolon": pgettext_lazy("between clauses", "; "),
    "colon": pgettext_lazy("between a label and its value", ": "),
    "end": pgettext_lazy("at the end of a sentence", "."),
    "stop": pgettext_lazy("between a sentence and the next", ". "),
    "per cent": pgettext_lazy("after a number", " %"),
    "open": pgettext_lazy("before what stands in brackets", " ("),
    "close": pgettext_lazy("after what stands in brackets", ")"),
}


def mark(name: str) -> str:
    """A mark for templates, with the space that stands beside it in English.

    ``name``: "comma", "list comma", "semicolon", "colon", "stop", "end",
    "per cent", "open" or "close": brackets behind other text.
    """
    return str(_MARKS[name])


def listed(texts: Iterable[Words]) -> str:
    """Names or values in one line: "a, b, c"."""
    return mark("list comma").join(map(str, texts))


def parts(*texts: Words) -> str:
    """Parts of a line: "Wang, Xiulan, born 14-Jul-1944"."""
    return mark("comma").join(text for text in map(str, texts) if text)


def clauses(texts: Iterable[Words]) -> str:
    """What has commas of its own in one line: "a, b; c"."""
    return mark("semicolon").join(map(str, texts))


def alternatives(texts: Iterable[Words]) -> str:
    """One of these: "44 or 77"."""
    return pgettext("between two values", " or ").join(map(str, texts))


def sentences(*texts: Words) -> str:
    """Whole sentences one after the other, each with its own stop; empty ones are left out."""
    return reduce(_follow, filter(None, map(str, texts)), "")


def _follow(before: str, after: str) -> str:
    if not before:
        return after
    return pgettext("two sentences", "%(before)s %(after)s") % {"before": before, "after": after}


def labelled(label: Words, text: Words) -> str:
    """A name and its value: "Sex: female"."""
    return _("%(label)s: %(text)s") % {"label": label, "text": text}


def titled(title: Words, text: Words) -> str:
    """A heading inside a line, and the sentence about it: "Age 94 years. It lies outside …"."""
    return _("%(title)s. %(text)s") % {"title": title, "text": text}


def spaced(*texts: Words) -> str:
    """A name before its value: "T-score −2.0"."""
    return pgettext("between a name and its value", " ").join(map(str, texts))


def uncapitalized(text: str) -> str:
    """A name inside a line: its first letter small, unless it begins an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
