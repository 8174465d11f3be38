"""The words for predictors: the one table of their labels.

A predictor without a row in the table goes by its key, so that any nomogram can be shown.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from scoring.display import domain_texts, number_text
from scoring.nomogram.predictor import NumericPredictor, Predictor, Threshold
from scoring.nomogram.rong2025.model import AGE, BMD, CHLORIDE, PDW
from scoring.words.types import Words

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class ProvenanceWords(NamedTuple):
    """What is said of what is recorded beside a value: the date, the site, the unit.

    The labels stand in the form; ``date_name`` and ``site_name`` in a list of what differs between
    two versions. ``unit_missing`` and ``unit_refused`` say what is wrong with the unit.
    """

    date_name: Words
    date_label: Words
    site_name: Words = ""
    site_label: Words = ""
    unit_label: Words = ""
    unit_missing: Words = ""
    unit_refused: Words = ""


@dataclass(frozen=True, kw_only=True)
class PredictorWords:
    """What is said of one predictor. What is empty in the table follows from the rest.

    ``name`` stands beside its axis, with ``detail`` under it, and as the label of its field where
    ``field_label`` is empty; ``full_name`` says both. ``input_name`` is what is typed where that is
    not what the model asks, ``table_name`` and ``short_name`` what tables and narrow panels have
    room for, ``caution_name`` what a caution begins with, ``quantity`` the value in a rule, small.
    ``entered_name`` stands in a list of what differs between two versions, ``group_name`` in a
    comparison of groups, whose means have ``mean_decimals``.
    ``answers``: yes and no where the predictor has words of its own for them. ``source`` is where
    the value comes from, ``awaited`` says that it is not there yet. ``symbol``
    stands before a value whose answer is given. ``option`` and ``help`` are those of the command
    line. ``provenance`` is None where nothing is recorded beside the value.
    """

    name: Words
    detail: Words = ""
    full_name: Words = ""
    input_name: Words = ""
    table_name: Words = ""
    short_name: Words = ""
    caution_name: Words = ""
    field_label: Words = ""
    quantity: Words = ""
    entered_name: Words = ""
    group_name: Words = ""
    mean_decimals: int = 1
    answers: tuple[Words, Words] | None = None
    source: Words = ""
    awaited: Words = ""
    symbol: str = ""
    option: str = ""
    help: Words = ""
    provenance: ProvenanceWords | None = None


def _limit(predictor: Threshold, text: "StrOrPromise") -> Words:
    """A text with the threshold, which the paper writes without its sign."""
    return format_lazy(text, limit=number_text(abs(predictor.below)))


def _within(predictor: NumericPredictor, text: "StrOrPromise") -> Words:
    """A text with both ends of what can be scored."""
    low, high = domain_texts(*predictor.domain)
    return format_lazy(text, low=low, high=high)


_WORDS: dict[str, PredictorWords] = {
    "age": PredictorWords(
        name=gettext_lazy("Age"),
        quantity=gettext_lazy("age in years"),
        help=_within(AGE, gettext_lazy("completed years, {low} to {high}")),
    ),
    "bmd": PredictorWords(
        name=gettext_lazy("Bone mineral density"),
        detail=_limit(BMD, gettext_lazy("|T| > {limit}")),
        full_name=_limit(BMD, gettext_lazy("Bone mineral density, |T| > {limit}")),
        input_name=gettext_lazy("T-score"),
        table_name=_limit(BMD, gettext_lazy("BMD, |T| > {limit}")),
        field_label=gettext_lazy("T-score (DXA)"),
        source=gettext_lazy("DXA"),
        option="t-score",
        symbol="T",
        help=_within(BMD, gettext_lazy("signed, {low} to {high}, for example -2.8")),
        mean_decimals=2,
        provenance=ProvenanceWords(
            date_name=gettext_lazy("Date of DXA"),
            date_label=gettext_lazy("DXA, date"),
            site_name=gettext_lazy("Site of DXA"),
            site_label=gettext_lazy("DXA, site"),
        ),
    ),
    "trauma_history": PredictorWords(
        name=gettext_lazy("Trauma history"),
        source=gettext_lazy("history"),
        option="trauma",
        help=gettext_lazy("trauma history"),
        provenance=ProvenanceWords(
            date_name=gettext_lazy("Date of trauma history"),
            date_label=gettext_lazy("Trauma, date"),
        ),
    ),
    "posterior_fascia_edema": PredictorWords(
        name=gettext_lazy("Posterior fascia edema"),
        detail=gettext_lazy("on MRI"),
        full_name=gettext_lazy("Posterior fascia edema on MRI"),
        short_name=gettext_lazy("Fascia edema"),
        source=gettext_lazy("MRI"),
        option="edema",
        help=gettext_lazy("posterior fascia edema on MRI"),
        provenance=ProvenanceWords(
            date_name=gettext_lazy("Date of MRI"), date_label=gettext_lazy("MRI, date")
        ),
    ),
    "pdw": PredictorWords(
        name=gettext_lazy("Platelet distribution width"),
        short_name=gettext_lazy("PDW"),
        caution_name=gettext_lazy("PDW"),
        quantity=gettext_lazy("PDW in fL"),
        source=gettext_lazy("laboratory"),
        help=_within(PDW, gettext_lazy("platelet distribution width, {low} to {high} fL")),
        mean_decimals=2,
        provenance=ProvenanceWords(
            date_name=gettext_lazy("Date of PDW"),
            date_label=gettext_lazy("PDW, date"),
            unit_label=gettext_lazy("PDW, unit"),
            unit_missing=gettext_lazy("the unit is not chosen. The model needs PDW in fL."),
            unit_refused=gettext_lazy(
                "the model needs PDW in fL. A value in % or as geometric SD (GSD) can't be "
                "converted. Ask the laboratory for the value in fL."
            ),
        ),
    ),
    "chloride": PredictorWords(
        name=gettext_lazy("Serum chloride"),
        short_name=gettext_lazy("Chloride"),
        quantity=gettext_lazy("chloride in mmol/L"),
        source=gettext_lazy("laboratory"),
        help=_within(CHLORIDE, gettext_lazy("serum, {low} to {high} mmol/L")),
        provenance=ProvenanceWords(
            date_name=gettext_lazy("Date of chloride"), date_label=gettext_lazy("Chloride, date")
        ),
    ),
    "mvh": PredictorWords(
        name=gettext_lazy("Middle vertebral height"),
        detail=gettext_lazy("restored at 24\u00a0h"),
        full_name=gettext_lazy("Middle vertebral height restored at 24\u00a0h"),
        table_name=gettext_lazy("MVH restored at 24\u00a0h"),
        short_name=gettext_lazy("MVH restored"),
        answers=(gettext_lazy("restored"), gettext_lazy("not restored")),
        source=gettext_lazy("radiograph"),
        awaited=gettext_lazy("radiograph awaited"),
        help=gettext_lazy("middle vertebral height restored on the 24-hour radiograph"),
        entered_name=gettext_lazy("Middle vertebral height restored"),
        group_name=gettext_lazy("MVH restored"),
        provenance=ProvenanceWords(
            date_name=gettext_lazy("Date of radiograph"),
            date_label=gettext_lazy("Radiograph, date"),
        ),
    ),
}


def _first(*texts: Words) -> Words:
    """The first text that is not empty; a lazy one is never empty, and is not translated yet."""
    return next(text for text in texts if isinstance(text, Promise) or text)


def _complete(key: str, words: PredictorWords) -> PredictorWords:
    full_name = _first(words.full_name, words.name)
    table_name = _first(words.table_name, words.name)
    input_name = _first(words.input_name, full_name)
    return replace(
        words,
        full_name=full_name,
        input_name=input_name,
        table_name=table_name,
        short_name=_first(words.short_name, table_name),
        caution_name=_first(words.caution_name, input_name),
        field_label=_first(words.field_label, words.name),
        quantity=_first(words.quantity, words.name),
        entered_name=_first(words.entered_name, words.input_name, words.name),
        group_name=_first(words.group_name, words.input_name, table_name),
        option=words.option or key.replace("_", "-"),
    )


_COMPLETE = {key: _complete(key, words) for key, words in _WORDS.items()}


def provenance_words(predictor: Predictor) -> ProvenanceWords:
    """The words for a predictor that is recorded with its provenance; LookupError for another."""
    words = words_of(predictor).provenance
    if words is None:
        raise LookupError(predictor.key)
    return words


def words_of(predictor: Predictor) -> PredictorWords:
    """The words for a predictor; without a row in the table its key."""
    key = predictor.key
    if key in _COMPLETE:
        return _COMPLETE[key]
    words = PredictorWords(name=key.replace("_", " ").capitalize())
    if isinstance(predictor, Threshold):
        limit = f"< {number_text(predictor.below)} {predictor.unit}"
        words = replace(words, detail=limit.rstrip())
    return _complete(key, words)
