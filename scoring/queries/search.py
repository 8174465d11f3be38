"""Patients found by the beginning of a hospital number or name; Chinese names by any part."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db.models import Q, Value
from django.db.models.functions import Concat, Replace
from django.db.models.lookups import Contains, StartsWith

from scoring.models import Patient
from scoring.models.patient import cjk_characters, normalised_hospital_number, searchable

# So many patients are found through the indexes of their table, and then all their assessments.
# More of them are met soon enough by reading the assessments from the newest on.
FEW_PATIENTS = 1000


@dataclass(frozen=True)
class Search:
    """A text as conditions on assessments: one to page by, and one to count by.

    Both find the same. The planner cannot tell how many patients a text finds: for a page it
    would collect and sort all assessments of many patients for the first fifteen, so that
    condition is said in a way no index of the patients fits.
    """

    paged: Q
    counted: Q


def search(text: str) -> Search:
    """Assessments of patients that a text finds; every assessment where it is empty.

    It finds the beginning of a hospital number. Or it finds names: each of its words the
    beginning of a family or given name, or, in Chinese, one or more characters that follow each
    other anywhere in the name. Case, accents and the width of characters make no difference.
    Looks into the patients' table at once.
    """
    number = normalised_hospital_number(text)
    if not number:
        return Search(Q(), Q())
    # A name is shown as "WANG, Xiulan" and may be pasted like that.
    words = searchable(text).replace(",", " ").split()
    patients = Patient.objects.filter(_by_index(number, words, of="")).values_list("pk", flat=True)
    few = list(patients[: FEW_PATIENTS + 1])
    if len(few) <= FEW_PATIENTS:
        return Search(Q(patient__in=few), Q(patient__in=few))
    return Search(_on_the_way(number, words), _by_index(number, words, of="patient__"))


def _by_index(number: str, words: list[str], *, of: str) -> Q:
    def named(word: str) -> Q:
        name = f"{of}search_name"
        if characters := cjk_characters(word):
            # The array's index finds single characters, which trigrams cannot.
            of_characters = Q(**{f"{of}search_characters__contains": characters})
            return of_characters & _written_together(name, word)
        return Q(**{f"{name}__startswith": word}) | Q(**{f"{name}__contains": f" {word}"})

    return Q(**{f"{of}hospital_number__startswith": number}) | _all_of(map(named, words))


def _on_the_way(number: str, words: list[str]) -> Q:
    def named(word: str) -> Q:
        if cjk_characters(word):
            return _written_together("patient__search_name", word)
        return Q(Contains(Concat(Value(" "), "patient__search_name"), Value(f" {word}")))

    written = Concat("patient__hospital_number", Value(""))
    return Q(StartsWith(written, Value(number))) | _all_of(map(named, words))


def _all_of(conditions: Iterable[Q]) -> Q:
    """All of them; without any nothing is found."""
    return reduce(and_, conditions, Q()) or Q(pk__in=[])


def _written_together(name: str, word: str) -> Q:
    """Family and given name as the one text that Chinese makes of them."""
    return Q(Contains(Replace(name, Value(" "), Value("")), Value(word)))
