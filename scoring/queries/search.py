"""What a text finds: patients by number, name or birth date, as they are or were, and reports."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from uuid import UUID

from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Contains, StartsWith

from scoring.entry.folding import cjk_characters, joined, normalised_hospital_number, searchable
from scoring.entry.identity import zero_variants
from scoring.entry.ids import uuid_in
from scoring.models import Assessment, Patient, PatientCorrection
from scoring.queries.access_log import patients_of_number
from scoring.queries.need_to_know import seen
from scoring.queries.record import assessments

# So many patients are found through the indexes of their table, and then all their assessments.
# More of them are met soon enough by reading the assessments from the newest on.
FEW_PATIENTS = 1000
SHOWN_PATIENTS = 50

# As reports print it and their codes hold it: RBP-2026-000347, with "v2", "-v2" or "version 2".
_REPORT = re.compile(
    r"RBP[-\u2010-\u2015\u2212]?(\d{4})[-\u2010-\u2015\u2212]?(\d{1,9})(?:-?V(?:ERSION)?(\d{1,4}))?",
    re.A,
)
_RESULT_ADDRESS = re.compile(r"HTTPS?://\S+/ASSESSMENTS/([0-9A-F-]{36})(?:/REPORT)?/?", re.A)


@dataclass(frozen=True)
class Search:
    """A text as conditions on assessments: one to page by, and those to count by.

    Both find the same. The planner cannot tell how many patients a text finds: for a page it
    would collect and sort all assessments of many patients for the first fifteen, so that
    condition is said in a way no index of the patients fits. Those to count by share no row, and
    each has indexes of its own.
    """

    paged: Q
    counted: tuple[Q, ...]


@dataclass(frozen=True)
class FoundPatients:
    """The first patients that a text finds, by name, and whether there are more."""

    patients: list[Patient]
    is_more: bool


@dataclass(frozen=True)
class _Wanted:
    """A text as what it may stand for."""

    number: str
    words: list[str]
    birth_date: date | None

    @classmethod
    def read(cls, text: str, birth_date: date | None) -> "_Wanted":
        # A name is shown as "Wang, Xiulan" and may be pasted like that.
        words = text.replace(",", " ").split()
        return cls(normalised_hospital_number(text), words, birth_date)

    def now(self, of: str = "") -> Q:
        """Patients by what stands on record, with conditions that fit its indexes."""
        found = Q(**{f"{of}hospital_number__startswith": self.number})
        found |= Q(**{f"{of}hospital_number__in": zero_variants(self.number)})
        found |= _named(self.words, _by_index(f"{of}search_name", f"{of}search_characters"))
        return (
            found if self.birth_date is None else found | Q(**{f"{of}birth_date": self.birth_date})
        )

    def before(self) -> Q:
        """Corrections by what stood there before them."""
        found = Q(old_hospital_number__startswith=self.number)
        found |= Q(old_hospital_number__in=zero_variants(self.number))
        found |= _named(self.words, _by_index("old_search_name", "old_search_characters"))
        return found if self.birth_date is None else found | Q(old_birth_date=self.birth_date)

    def on_the_way(self) -> Q:
        """Assessments by their patient, with conditions that fit no index."""
        written = Concat("patient__hospital_number", Value(""))
        found = Q(StartsWith(written, Value(self.number))) | _named(self.words, _on_the_way)
        found |= Q(patient__hospital_number__in=zero_variants(self.number))
        return found if self.birth_date is None else found | Q(patient__birth_date=self.birth_date)


def search(text: str, birth_date: date | None = None) -> Search:
    """Assessments that a text finds; every assessment where it is empty.

    A report number finds its assessment. Else a text finds patients: by the beginning of a
    hospital number, or one that differs by leading zeros alone; by ``birth_date`` if the text is
    a date; by name, each word the beginning of a family or given name, or, in Chinese, one or
    more characters that follow each other anywhere in the name. What stood on record before a
    correction finds the patient too. How a name is written makes no difference, as ``searchable``
    says; "Xiu-lan" and "Xiulan" find each other. Looks into the patients' table at once.
    """
    wanted = _Wanted.read(text, birth_date)
    if not wanted.number:
        return Search(Q(), (Q(),))
    if report := _REPORT.fullmatch(wanted.number):
        year, serial, _ = report.groups()
        number = Q(chain__report_year=int(year), chain__report_serial=int(serial))
        return Search(number, (number,))
    few = _patient_ids(wanted, FEW_PATIENTS + 1)
    if len(few) <= FEW_PATIENTS:
        return Search(Q(patient__in=few), (Q(patient__in=few),))
    before = Q(patient__in=PatientCorrection.objects.filter(wanted.before()).values("patient"))
    now = wanted.now("patient__")
    return Search(wanted.on_the_way() | before, (now, before & ~now))


def exact_hit(text: str) -> Patient | Assessment | None:
    """What a whole number stands for: the patient, or the assessment of a report number.

    The report's code holds the address of its page instead where the site has one. None where the
    text is no whole number, or the number of one patient and formerly of another.
    """
    number = normalised_hospital_number(text)
    if address := _RESULT_ADDRESS.fullmatch(number):
        return _version(Q(pk=uuid_in(address[1])))
    if report := _REPORT.fullmatch(number):
        year, serial, version = report.groups()
        of = Q(chain__report_year=int(year), chain__report_serial=int(serial))
        found = _version(of & (Q(version=int(version)) if version else Q(current_of__isnull=False)))
        if found is not None:
            return found
    patients = patients_of_number(number)
    return Patient.objects.get(pk=next(iter(patients))) if len(patients) == 1 else None


def found_patients(text: str, birth_date: date | None = None) -> FoundPatients:
    """Patients that a text finds as ``search`` does, those without an assessment too."""
    wanted = _Wanted.read(text, birth_date)
    if not wanted.number:
        return FoundPatients([], is_more=False)
    pks = _patient_ids(wanted, SHOWN_PATIENTS + 1)
    patients = Patient.objects.filter(pk__in=pks[:SHOWN_PATIENTS])
    ordered = patients.order_by("search_name", "hospital_number")
    return FoundPatients(list(ordered), is_more=len(pks) > SHOWN_PATIENTS)


def _patient_ids(wanted: _Wanted, limit: int) -> list[UUID]:
    """Patients found now or before, in one statement; each of its halves has indexes."""
    now = Patient.objects.filter(wanted.now(), seen()).values_list("pk", flat=True)
    corrected = PatientCorrection.objects.filter(wanted.before(), seen("patient__"))
    before = corrected.values_list("patient", flat=True)
    return list(dict.fromkeys(now.union(before, all=True)[:limit]))


def _version(chosen: Q) -> Assessment | None:
    return assessments().filter(chosen).first()


def _by_index(name: str, characters: str) -> Callable[[str], Q]:
    def begins(word: str) -> Q:
        if known := cjk_characters(word):
            # The array's index finds single characters, which trigrams cannot.
            return Q(**{f"{characters}__contains": known}) & Q(**{f"{name}__contains": word})
        return Q(**{f"{name}__startswith": word}) | Q(**{f"{name}__contains": f" {word}"})

    return begins


def _on_the_way(word: str) -> Q:
    name = "patient__search_name"
    if cjk_characters(word):
        return Q(Contains(Concat(name, Value(""), output_field=TextField()), Value(word)))
    after_space = Concat(Value(" "), name, output_field=TextField())
    return Q(Contains(after_space, Value(f" {word}")))


def _named(words: list[str], begins: Callable[[str], Q]) -> Q:
    """Every word as one, or the words that a hyphen joins; without any nothing is found."""
    found = Q()
    for word in words:
        if parts := searchable(word).split():
            as_one = begins(joined(word))
            found &= as_one | reduce(and_, map(begins, parts)) if len(parts) > 1 else as_one
    return found or Q(pk__in=[])
