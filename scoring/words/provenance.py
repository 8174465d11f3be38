"""The words for what is recorded beside the value of a predictor: the date, the site, the unit."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from scoring.nomogram.predictor import Predictor
from scoring.words.types import Words


class ProvenanceWords(NamedTuple):
    """What is said of one predictor; empty where it has no site or unit of its own.

    The labels stand in the form. ``name``, ``date_name`` and ``site_name`` stand in a list of what
    differs between two versions. ``unit_missing`` and ``unit_refused`` say what is wrong with the
    unit.
    """

    name: Words
    date_name: Words
    date_label: Words
    site_name: Words = ""
    site_label: Words = ""
    unit_label: Words = ""
    unit_missing: Words = ""
    unit_refused: Words = ""


_WORDS = {
    "bmd": ProvenanceWords(
        name=_("T-score"),
        date_name=_("Date of DXA"),
        date_label=_("DXA, date"),
        site_name=_("Site of DXA"),
        site_label=_("DXA, site"),
    ),
    "trauma_history": ProvenanceWords(
        name=_("Trauma history"),
        date_name=_("Date of trauma history"),
        date_label=_("Trauma, date"),
    ),
    "posterior_fascia_edema": ProvenanceWords(
        name=_("Posterior fascia edema"), date_name=_("Date of MRI"), date_label=_("MRI, date")
    ),
    "pdw": ProvenanceWords(
        name=_("Platelet distribution width"),
        date_name=_("Date of PDW"),
        date_label=_("PDW, date"),
        unit_label=_("PDW, unit"),
        unit_missing=_("the unit is not chosen; only fL is scored."),
        unit_refused=_(
            "only fL is scored. The study's PDW fits femtolitres; a per cent or a "
            "geometric SD (GSD) gives overlapping numbers that mean something else. "
            "Ask the laboratory for the value in fL."
        ),
    ),
    "chloride": ProvenanceWords(
        name=_("Serum chloride"), date_name=_("Date of chloride"), date_label=_("Chloride, date")
    ),
    "mvh": ProvenanceWords(
        name=_("Middle vertebral height restored"),
        date_name=_("Date of radiograph"),
        date_label=_("Radiograph, date"),
    ),
}


def provenance_words(predictor: Predictor) -> ProvenanceWords:
    """The words for a predictor that is recorded with its provenance; KeyError for another."""
    return _WORDS[predictor.key]
