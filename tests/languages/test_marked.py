"""In code and templates: no text that is not marked for translation, no sentence from pieces."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.languages.test_catalog import CATALOG, entries
from tests.scripts.conftest import CHECKOUT
from tests.test_templates import template_files

# Both languages stand on it, because it may be shown when nothing works any more.
_BOTH_LANGUAGES = "500_plain.html"
_TRANSLATED = re.compile(r"\{% blocktranslate.*?\{% endblocktranslate %\}", re.S)
_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", re.S)
_TAG = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.S)
_SPOKEN = re.compile(
    r"""\b(?:alt|title|placeholder|aria-label|data-(?:label|question))="([^"]*)\""""
)
_TEXT = re.compile(r"[A-Za-z,;:%]|\.(?!\d)")
# The same in every language.
_STAYS = re.compile(r"doi:\.?|CC\s+BY\s+4\.0\.?|&\w+;|DOCTYPE|assessment\.json")
_WORDS = {"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "_now"}
# What people read; "entry" folds what they type, "statistics" knows no words.
_ROOMS = ("charts", "evaluation", "management", "report", "study", "web", "words")
_SEPARATORS = {", ", "; ", ": ", " or ", " and ", ". ", "–", " – ", " %"}


def _left(template: Path) -> str:
    """What a template says itself, outside of what is marked."""
    text = _TRANSLATED.sub("", template.read_text("utf-8"))
    text = re.sub(r"\{% block sheets %\}.*?\{% endblock %\}|<small>%</small>", "", text)
    text = re.sub(r"<(kbd|script|style)\b.*?</\1>|<svg.*?</svg>", "", text, flags=re.S)
    spoken = " ".join(_SPOKEN.findall(text))
    # Code first: it has quotation marks inside of attributes.
    said = _TAG.sub("", _CODE.sub("", text))
    return _STAYS.sub("", f"{said} {_CODE.sub('', spoken)}")


def test_templates_say_nothing_that_is_not_marked() -> None:
    left = {
        str(path.relative_to(CHECKOUT)): " ".join(said.split())
        for path in template_files()
        if path.name != _BOTH_LANGUAGES and path.suffix == ".html"
        for said in [_left(path)]
        if _TEXT.search(said)
    }
    assert left == {}


def test_no_text_begins_or_ends_in_the_middle() -> None:
    pieces = re.compile(r"^[ ,;:.)]|(?<!:)[ (]$")
    # But for marks.py: whole marks. On a terminal: indented lines, a prompt with its blank.
    pieces_left = [
        entry["msgid"]
        for entry in entries(CATALOG)
        if pieces.search(entry["msgid"]) and "msgctxt" not in entry
        if not entry["msgid"].startswith("  ")
    ]
    assert pieces_left == []


def _is_translated(node: ast.AST) -> bool:
    """Whether it is a call of gettext, perhaps filled in."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _is_translated(node.left)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _WORDS


def _glued(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            if _is_translated(node.left) or _is_translated(node.right):
                yield node
        elif isinstance(node, ast.AugAssign) and _is_translated(node.value):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            values = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            between = {part.value for part in node.values if isinstance(part, ast.Constant)}
            if any(map(_is_translated, values)) or between & _SEPARATORS:
                yield node
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "join"
            and isinstance(node.func.value, ast.Constant)
            and node.func.value.value in _SEPARATORS
        ):
            yield node


# Lists of names in a program's own words: SQL, a log, an error that no page shows.
_NO_SENTENCE = {
    "scoring/management/owner.py: ', '.join(map(quoted, columns))",
    "scoring/report/renderer.py: ', '.join(answer['at'])",
    "scoring/study/cohort_errors.py: ', '.join((part for part in parts if part))",
    "scoring/study/headers.py: ', '.join((header[place] for place in found))",
}


def test_code_puts_no_sentence_together() -> None:
    glued = [
        f"{path.relative_to(CHECKOUT)}: {ast.unparse(node)}"
        for room in _ROOMS
        for path in sorted((CHECKOUT / "scoring" / room).rglob("*.py"))
        for node in _glued(ast.parse(path.read_text("utf-8")))
    ]
    assert {found for found in glued if "or --json, and" not in found} == _NO_SENTENCE
