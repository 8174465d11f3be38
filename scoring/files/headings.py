"""The header of a table: which column holds which input, by English and Chinese names.

A name may have its unit behind it: "Cl (mmol/L)", 血氯(mmol/L), "Cl/mmol/L", 年龄（岁）. Of yes and
no a bracket may say how they are written: 外伤史(1=有,0=无).
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from scoring.entry.numbers import NumberUnreadError, read_number
from scoring.files.errors import TableError
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.coded import coded_as

_BRACKETS = "()[]{}【】〔〕/_:,"
_PLAIN_ANSWERS = ("是/否", "有/无", "yes/no", "y/n")
_ONE_IS_YES = {
    pattern.format(yes=yes, no=no)
    for yes, no in (("是", "否"), ("有", "无"), ("yes", "no"), ("y", "n"))
    for pattern in ("1={yes},0={no}", "0={no},1={yes}", "{yes}=1,{no}=0", "{no}=0,{yes}=1")
}
# Widths that are no quantity in fL, as analyzers print them.
_NO_FL = ("gsd", "10(gsd", "10gsd", "cv", "-cv", "(cv")
# The table begins somewhere among the first rows; above it stand titles.
SEARCHED_ROWS = 50
_FEWEST_KNOWN = 2


@dataclass(frozen=True)
class Heading:
    """A column that holds an input: its ``place`` in the row, its header as it stands.

    ``has_unit``: the header says the unit, or needs none. ``one_is_yes``: 1 is yes and 0 is no.
    """

    place: int
    header: str
    has_unit: bool = True
    one_is_yes: bool = False


@dataclass(frozen=True)
class Choice:
    """What somebody says of the columns of a laboratory's tables.

    ``headers``: by input field; one that a table does not have counts for nothing. ``in_unit``: the
    fields whose numbers have the model's unit, though no header says so. ``one_is_yes``: 1 is yes
    and 0 is no in all columns.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    in_unit: frozenset[str] = frozenset()
    one_is_yes: bool = False


NOTHING_SAID = Choice()


@dataclass(frozen=True)
class Headings:
    """The header of a table as it is understood: a column for each input of the model.

    ``row`` counts as a spreadsheet does, from 1. ``ignored`` are the headers without meaning here.
    ``errors``: the inputs that have no clear column.
    """

    row: int
    header: tuple[str, ...]
    by_field: Mapping[str, Heading]
    ignored: tuple[str, ...]
    errors: tuple[TableError, ...]


def names_of(predictor: Predictor) -> tuple[str, ...]:
    """The English and Chinese names of a predictor."""
    coded = coded_as(predictor)
    return (*coded.english_headers, *coded.chinese_headers)


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Full-width letters and brackets as plain ones, small letters, no spaces, one minus."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2212", "-")
    return "".join(folded.split())


def tidy(header: str) -> str:
    """A header in one line: browsers send a line break in a value as another one."""
    return " ".join(header.split())


def is_chinese_name(header: str, model: Nomogram) -> bool:
    """Whether a header is a Chinese name of an input, with or without a unit."""
    return not header.isascii() and any(
        _rest(header, _names(one)) is not None for one in model.predictors
    )


def known_columns(cells: Sequence[str], model: Nomogram, choice: Choice = NOTHING_SAID) -> int:
    """How many inputs of the model have a header in this row, whatever its unit."""
    return sum(any(True for _ in _headings(p, cells, choice)) for p in model.predictors)


def find_headings(
    rows: Sequence[tuple[int, Sequence[str]]], model: Nomogram, choice: Choice = NOTHING_SAID
) -> Headings:
    """The header among the first rows of a table, each with its number.

    A header that spans two rows, as merged cells do, is read from both. Where nothing is known,
    the first row that is wide enough is taken, and that is among the errors. Raises TableError
    ("no_header").
    """
    heads = [
        _with_row_above(cells, rows[place - 1][1] if place else (), model)
        for place, (_number, cells) in enumerate(rows)
    ]
    counts = [known_columns(cells, model, choice) for cells in heads]
    errors: list[TableError] = []
    if max(counts, default=0) < min(_FEWEST_KNOWN, len(model.predictors)):
        errors.append(TableError("no_header"))
        counts = [sum(map(bool, cells)) >= len(model.predictors) for cells in heads]
        if not any(counts):
            raise errors[0]
    best = counts.index(max(counts))
    header = heads[best]
    by_field: dict[str, Heading] = {}
    for predictor in model.predictors:
        try:
            heading = _heading(predictor, header, choice)
            if heading.place in {one.place for one in by_field.values()}:
                raise TableError("same_column", field=predictor.field, value=heading.header)
            by_field[predictor.field] = heading
        except TableError as error:
            errors.append(error)
    taken = {heading.place for heading in by_field.values()}
    ignored = tuple(name for at, name in enumerate(header) if at not in taken and name)
    return Headings(rows[best][0], tuple(header), by_field, ignored, tuple(errors))


def _with_row_above(cells: Sequence[str], above: Sequence[str], model: Nomogram) -> list[str]:
    """A row of headers; of a cell that is merged downwards the text stands in its first row."""
    header = [tidy(cell) for cell in cells]
    for place, name in enumerate(above):
        if known_columns([name], model) and not any(header[place : place + 1]):
            header += [""] * (place + 1 - len(header))
            header[place] = tidy(name)
    return header


def _heading(predictor: Predictor, header: Sequence[str], choice: Choice) -> Heading:
    found = list(_headings(predictor, header, choice))
    own = [one for one in found if one.header.casefold() == predictor.field]
    found = own or found
    if not found:
        raise TableError("missing_column", field=predictor.field)
    if len(found) > 1:
        names = "、".join(one.header for one in found)
        raise TableError("ambiguous_column", field=predictor.field, value=names)
    if isinstance(predictor, NumericPredictor) and _other_unit(predictor, found[0].header):
        raise TableError("other_unit", field=predictor.field, value=found[0].header)
    return found[0]


@cache
def _names(predictor: Predictor) -> tuple[str, ...]:
    """The names of a predictor, the longest first."""
    return tuple(sorted(map(plain, names_of(predictor)), key=len, reverse=True))


def _rest(header: str, names: tuple[str, ...]) -> str | None:
    """What stands behind the longest name that a header begins with."""
    text = plain(header)
    begun = next((name for name in names if text.startswith(name)), None)
    return None if begun is None else text[len(begun) :]


def _headings(predictor: Predictor, header: Sequence[str], choice: Choice) -> Iterator[Heading]:
    """Every column that could hold an input, one in another unit, too."""
    chosen = tidy(choice.headers.get(predictor.field, ""))
    is_chosen = chosen in map(tidy, header) if chosen else False
    for place, name in enumerate(map(tidy, header)):
        if is_chosen and name != chosen:
            continue
        heading = _own_heading(predictor, place, name)
        if heading is None and is_chosen:
            heading = Heading(place, name, has_unit=not _needs_unit(predictor))
        if heading is not None:
            has_unit = heading.has_unit or predictor.field in choice.in_unit
            one_is_yes = heading.one_is_yes or choice.one_is_yes
            yield replace(heading, has_unit=has_unit, one_is_yes=one_is_yes)


def _needs_unit(predictor: Predictor) -> bool:
    """Whether laboratories use several units for it, so that one must be said."""
    return predictor.provenance is not None and bool(predictor.provenance.unit_field)


def _own_heading(predictor: Predictor, place: int, name: str) -> Heading | None:
    """What a header says by itself; None if it is none of this input."""
    if name.casefold() == predictor.field:
        return Heading(place, name, one_is_yes=True)
    rest = _rest(name, _names(predictor))
    if rest is None:
        return None
    said = rest.strip(_BRACKETS)
    if not isinstance(predictor, NumericPredictor):
        if said and said not in _PLAIN_ANSWERS and said not in _ONE_IS_YES:
            return None
        return Heading(place, name, one_is_yes=said in _ONE_IS_YES)
    if not said:
        return Heading(place, name, has_unit=not _needs_unit(predictor))
    return Heading(place, name) if _unit_code(predictor, said) in ("", "other_unit") else None


def _unit_code(predictor: NumericPredictor, unit: str) -> str:
    """ "" of the unit that is scored, "other_unit" of another, else another code."""
    if unit in _NO_FL and predictor.unit == "fL":
        return "other_unit"
    try:
        read_number(f"1 {unit}", predictor)
    except NumberUnreadError as error:
        return error.code
    return ""


def _other_unit(predictor: NumericPredictor, header: str) -> bool:
    rest = _rest(header, _names(predictor)) if header.casefold() != predictor.field else ""
    said = (rest or "").strip(_BRACKETS)
    return bool(said) and _unit_code(predictor, said) == "other_unit"
