"""Patients found by the beginning of a hospital number or name; Chinese names by any part."""

from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.db.models.lookups import Contains

from scoring.models.patient import cjk_characters, normalised_hospital_number, searchable


def matching(text: str) -> Q:
    """Assessments of patients that a text finds; every assessment where it is empty.

    It finds the beginning of a hospital number. Or it finds names: each of its words the
    beginning of a family or given name, or, in Chinese, one or more characters that follow each
    other anywhere in the name. Case, accents and the width of characters make no difference.
    Each condition has an index of the patients' table.
    """
    number = normalised_hospital_number(text)
    if not number:
        return Q()
    found = Q(patient__hospital_number__startswith=number)
    # A name is shown as "WANG, Xiulan" and may be pasted like that.
    words = searchable(text).replace(",", " ").split()
    if words:
        named = Q()
        for word in words:
            named &= _in_name(word)
        found |= named
    return found


def _in_name(word: str) -> Q:
    characters = cjk_characters(word)
    if not characters:
        return Q(patient__search_name__startswith=word) | Q(
            patient__search_name__contains=f" {word}"
        )
    # The array's index finds single characters, which trigrams cannot; written together, family
    # and given name are one text.
    written_together = Replace("patient__search_name", Value(" "), Value(""))
    return Q(patient__search_characters__contains=characters) & Q(
        Contains(written_together, Value(word))
    )
