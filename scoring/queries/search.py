"""Patients found by the beginning of a hospital number or name; Chinese names by any part."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Contains, StartsWith

from scoring.entry.folding import cjk_characters, joined, normalised_hospital_number, searchable
from scoring.models import Patient

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
    other anywhere in the name. How a name is written makes no difference, as ``searchable`` says;
    "Xiu-lan" and "Xiulan" find each other. Looks into the patients' table at once.
    """
    number = normalised_hospital_number(text)
    if not number:
        return Search(Q(), Q())
    # A name is shown as "Wang, Xiulan" and may be pasted like that.
    words = text.replace(",", " ").split()
    patients = Patient.objects.filter(_by_index(number, words, of="")).values_list("pk", flat=True)
    few = list(patients[: FEW_PATIENTS + 1])
    if len(few) <= FEW_PATIENTS:
        return Search(Q(patient__in=few), Q(patient__in=few))
    return Search(_on_the_way(number, words), _by_index(number, words, of="patient__"))


def _by_index(number: str, words: list[str], *, of: str) -> Q:
    name = f"{of}search_name"

    def begins(word: str) -> Q:
        if characters := cjk_characters(word):
            # The array's index finds single characters, which trigrams cannot.
            of_characters = Q(**{f"{of}search_characters__contains": characters})
            return of_characters & Q(**{f"{name}__contains": word})
        return Q(**{f"{name}__startswith": word}) | Q(**{f"{name}__contains": f" {word}"})

    return Q(**{f"{of}hospital_number__startswith": number}) | _named(words, begins)


def _on_the_way(number: str, words: list[str]) -> Q:
    name = "patient__search_name"

    def begins(word: str) -> Q:
        if cjk_characters(word):
            return Q(Contains(Concat(name, Value(""), output_field=TextField()), Value(word)))
        after_space = Concat(Value(" "), name, output_field=TextField())
        return Q(Contains(after_space, Value(f" {word}")))

    written = Concat("patient__hospital_number", Value(""))
    return Q(StartsWith(written, Value(number))) | _named(words, begins)


def _named(words: list[str], begins: Callable[[str], Q]) -> Q:
    """Every word as one, or the words that a hyphen joins; without any nothing is found."""
    found = Q()
    for word in words:
        if parts := searchable(word).split():
            as_one = begins(joined(word))
            found &= as_one | reduce(and_, map(begins, parts)) if len(parts) > 1 else as_one
    return found or Q(pk__in=[])
