"""Filters that write numbers and dates the way every page does."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django import template
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.formats import get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from scoring import charts
from scoring.display import count_text, unbroken_per_cent
from scoring.models import Assessment
from scoring.models.codes import PaperSize
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries import LogLine
from scoring.report import log_words, role_words
from scoring.report.sheet import Sheet
from scoring.words import marks
from scoring.words.dates import born_text, day_text, moment_text
from scoring.words.definitions import Definition
from scoring.words.eligibility import criteria_text
from scoring.words.laboratory import refusal_text, unusable_text
from scoring.words.predictors import words_of
from scoring.words.reasons import reason_clause, reason_text
from scoring.words.study import study_numbers
from scoring.words.types import Words

register = template.Library()
# Dates as day_text, moment_text and month_text write them; ranges with their Chinese mark, which
# must not begin a line (GB/T 15834).
_UNBROKEN = re.compile(
    r"((?:\d{2}-\w{3}-\d{4}|\d{4}年\d{1,2}月(?:\d{1,2}日)?)(?: \d{2}:\d{2})?"
    r"|[−\d.%]+～[+−\d.%]+)"
)


@register.filter
def day(value: date) -> str:
    """An unambiguous date: 14-Mar-2026."""
    return day_text(value)


@register.filter
def born(value: date | None) -> str:
    """born 14-Jul-1944, or that it is not known."""
    return born_text(value)


@register.filter
def moment(value: datetime) -> str:
    """Day and time of the ward: 14-Mar-2026 09:42."""
    return moment_text(value)


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Code and name of each language, in the language itself.

    Django's ``get_available_languages`` translates the names: nobody finds "English" in "英语".
    """
    return list(settings.LANGUAGES)


@register.simple_tag
def page_language() -> str:
    """The language of a page for its ``lang``: "zh-Hans"."""
    return to_locale(get_language() or settings.LANGUAGE_CODE).replace("_", "-")


@register.simple_tag
def paper_language() -> str:
    """The same for a PDF. Fontconfig finds the fonts of a language by its country: "zh-CN"."""
    return {"zh-Hans": "zh-CN"}.get(page_language(), page_language())


class PrintChoice(NamedTuple):
    """A language and a paper that a report can have: in words, and in the address."""

    language: str
    paper: str
    query: str


@register.simple_tag
def print_choices(besides: QueryDict | None) -> list[PrintChoice]:
    """Each language by its own name, on each paper; ``besides`` is what else an address says."""
    found = []
    for code, name in settings.LANGUAGES:
        for size in PaperSize:
            query = besides.copy() if besides else QueryDict(mutable=True)
            query["language"], query["paper"] = code, size.lower()
            found.append(PrintChoice(name, str(size.label), query.urlencode()))
    return found


@register.simple_tag
def mark(name: str) -> str:
    """The mark between two parts of a line, or after a number, with the space beside it."""
    return marks.mark(name)


@register.simple_tag
def parts(*texts: Words) -> str:
    """Parts of a line with commas between them."""
    return marks.parts(*texts)


@register.filter
def listed(texts: Iterable[Words]) -> str:
    """Names or values in one line."""
    return marks.listed(texts)


@register.filter
def clauses(texts: Iterable[Words]) -> str:
    """What may have commas of its own in one line."""
    return marks.clauses(texts)


@register.filter
def bracketed(text: Words) -> SafeString:
    """In brackets behind other text."""
    return format_html("{}{}{}", marks.mark("open"), text, marks.mark("close"))


@register.filter
def family_name_in_bold(parts: tuple[str, str]) -> SafeString:
    """A name in the two parts of ``name_parts``."""
    family, given = parts
    return format_html("<b>{}</b> {}", family, given) if given else format_html("<b>{}</b>", family)


@register.filter
def per_cent(number: str) -> str:
    """A number of per cent with the sign, never at the ends of two lines."""
    return unbroken_per_cent(number)


@register.simple_tag
def sign(name: str) -> str:
    """A small drawing of ``charts/signs/`` as the address of an image on paper."""
    return charts.as_data_uri(render_to_string(f"scoring/charts/signs/{name}.svg"))


@register.simple_tag
def day_format() -> str:
    """How dates are written, for scripts: "d-M-Y" with the letters of Django's formats."""
    return str(get_format("DATE_FORMAT"))


@register.simple_tag
def month_names() -> str:
    """The short names of the months for scripts, between spaces."""
    return " ".join(str(name) for name in MONTHS_3.values()).title()


@register.simple_tag
def example(definition: Definition) -> SafeString:
    """The drawing beside a definition, in the color of the text around it; "" where none is."""
    return charts.example_svg(definition)


@register.simple_tag
def ward_now() -> str:
    """The clock of the ward, written as if it were UTC: scripts count days from it."""
    return f"{timezone.localtime():%Y-%m-%dT%H:%M:%SZ}"


@register.filter
def exact_moment(value: datetime) -> str:
    """Day and time of the ward to the second: 14-Mar-2026 09:42:07."""
    return f"{moment_text(value)}:{value:%S}"


@register.filter
def unbroken(text: str) -> SafeString:
    """A text whose dates and ranges stay on one line."""
    parts = enumerate(_UNBROKEN.split(str(text)))
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="nowrap">{}</span>', part) if n % 2 else part,)
            for n, part in parts
        ),
    )


@register.filter
def thousands(count: int) -> str:
    """How many, with a mark between thousands."""
    return count_text(count)


@register.filter
def criteria(names: Iterable[Words]) -> str:
    """Criteria of eligibility in one line."""
    return criteria_text(names)


@register.simple_tag
def study() -> dict[str, str]:
    """The numbers of the published study: events, n, rate, cutoff ..."""
    return study_numbers()


@register.filter
def sheet(assessment: Assessment) -> Sheet:
    """The words for an assessment on the page of its patient."""
    return Sheet(assessment)


@register.filter
def log_details(line: LogLine) -> list[tuple[Words, str]]:
    """The details of a line of the access log."""
    clinician = "" if line.clinician is None else str(line.clinician)
    return log_words.log_details(line.event, clinician=clinician, superseded=line.superseded)


@register.filter
def reason(text: str) -> str:
    """A reason as typed, or the words for one that nobody typed."""
    return reason_text(text)


@register.filter
def refusal(code: str) -> str:
    """Why a message of a laboratory was refused."""
    return refusal_text(code)


@register.filter
def unusable(code: str) -> str:
    """Why a result of a laboratory is not offered."""
    return unusable_text(code)


@register.filter
def predictor_name(field: str) -> Words:
    """The name of a predictor beside its field."""
    return words_of(RONG_2025.by_field[field]).field_label


@register.filter
def clause(text: str) -> str:
    """A reason or a label where a mark follows: without a stop of its own."""
    return reason_clause(text)


@register.filter
def outcome_page(time_point: int) -> str:
    """The page that records the VAS of a time point, by its name among the addresses."""
    return f"outcome-day-{int(time_point)}"


@register.filter
def role_names(roles: Iterable[str]) -> str:
    """Roles in one line."""
    return role_words.role_names(roles)


@register.filter
def role_meaning(role: str) -> Words:
    """What a role is for."""
    return role_words.ROLE_MEANINGS[role]
