"""Who somebody on record is, why it may be the patient entered, and which numbers were merged."""

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import queries
from scoring.entry import PatientEntry
from scoring.entry.identity import SamePerson
from scoring.models import NumberMerge, Patient
from scoring.queries import Likeness
from scoring.report.rows import identity_text
from scoring.words.dates import day_text
from scoring.words.marks import sentences


def likeness_text(likeness: Likeness, number: str) -> str:
    """Why somebody on record may be the patient of a number that was entered, and who it is."""
    correction, patient = likeness.correction, likeness.patient
    values = {"number": number, "who": who_text(patient)}
    if correction is not None:
        values["new"] = correction.new_hospital_number
        values["day"] = day_text(timezone.localdate(correction.created_at))
        said = _("%(number)s was corrected to %(new)s on %(day)s. Is that the patient? %(who)s.")
    elif likeness.why is SamePerson.MERGED_NUMBER:
        values["other"] = patient.hospital_number
        values["surviving"] = queries.surviving_number(patient.hospital_number)
        said = _(
            "The hospital merged %(number)s and %(other)s: the number is %(surviving)s now. Is "
            "that the patient? %(who)s."
        )
    elif likeness.why is SamePerson.LEADING_ZEROS:
        said = _(
            "%(number)s differs only by leading zeros from a number on record. Is that the "
            "patient? %(who)s."
        )
    else:
        said = _(
            "This name and date of birth are on record with another number. Is that the patient? "
            "%(who)s."
        )
    return said % values


def merge_text(merge: NumberMerge) -> str:
    """That the hospital merged a number into another one, when, and what the number is now."""
    said = _("The hospital merged %(prior)s into %(surviving)s on %(day)s.") % {
        "prior": merge.prior_number,
        "surviving": merge.surviving_number,
        "day": day_text(timezone.localdate(merge.message.received_at)),
    }
    now = queries.surviving_number(merge.surviving_number)
    if now == merge.surviving_number:
        return said
    return sentences(said, _("That number was merged, too: it is %(now)s now.") % {"now": now})


def who_text(patient: Patient | PatientEntry) -> str:
    """Name, date of birth and hospital number."""
    who = identity_text(patient.family_name, patient.given_name, patient.birth_date)
    return _("%(who)s, hospital no. %(number)s") % {"who": who, "number": patient.hospital_number}
