"""Patients found by the beginning of a hospital number or name; Chinese names by any part."""

from django.db.models import Q, Value
from django.db.models.functions import Concat, Replace
from django.db.models.lookups import Contains, StartsWith

from scoring.models import Patient
from scoring.models.patient import cjk_characters, normalised_hospital_number, searchable

# So many patients are found through the indexes of their table, and then all their assessments.
# More of them are met soon enough by reading the assessments from the newest on.
FEW_PATIENTS = 1000


def matching(text: str) -> Q:
    """Assessments of patients that a text finds; every assessment where it is empty.

    It finds the beginning of a hospital number. Or it finds names: each of its words the
    beginning of a family or given name, or, in Chinese, one or more characters that follow each
    other anywhere in the name. Case, accents and the width of characters make no difference.
    Looks into the patients' table at once.
    """
    number = normalised_hospital_number(text)
    if not number:
        return Q()
    # A name is shown as "WANG, Xiulan" and may be pasted like that.
    words = searchable(text).replace(",", " ").split()
    by_index = Q(hospital_number__startswith=number) | _all_of([_indexed(word) for word in words])
    patients = Patient.objects.filter(by_index).values_list("pk", flat=True)
    few = list(patients[: FEW_PATIENTS + 1])
    if len(few) <= FEW_PATIENTS:
        return Q(patient__in=few)
    # Said so that no index fits: the planner, which cannot tell how many patients a text finds,
    # would else collect and sort all their assessments for the first fifteen.
    by_number = Q(StartsWith(Concat("patient__hospital_number", Value("")), Value(number)))
    return by_number | _all_of([_on_the_way(word) for word in words])


def _all_of(conditions: list[Q]) -> Q:
    """All of them; none found where there are none."""
    joined = Q()
    for condition in conditions:
        joined &= condition
    return joined if conditions else Q(pk__in=[])


def _indexed(word: str) -> Q:
    if characters := cjk_characters(word):
        # The array's index finds single characters, which trigrams cannot.
        return Q(search_characters__contains=characters) & _written_together("search_name", word)
    return Q(search_name__startswith=word) | Q(search_name__contains=f" {word}")


def _on_the_way(word: str) -> Q:
    name = "patient__search_name"
    if cjk_characters(word):
        return _written_together(name, word)
    return Q(Contains(Concat(Value(" "), name), Value(f" {word}")))


def _written_together(name: str, word: str) -> Q:
    """Family and given name as the one text that Chinese makes of them."""
    return Q(Contains(Replace(name, Value(" "), Value("")), Value(word)))
