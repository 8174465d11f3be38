"""The laboratory: its unit of PDW; why a message is refused, and why a result is not offered."""

from django.utils.translation import gettext_lazy as _

from scoring.words.types import Words

PDW_UNIT = _("PDW unit of the laboratory")
PDW_UNIT_BEFORE = _("PDW unit of the laboratory before")
PDW_UNIT_HELP = _(
    "The unit that the laboratory's report shows for platelet distribution width. "
    "The model needs PDW in fL; other units can't be converted."
)
PDW_UNIT_PURPOSE = _("The model needs PDW in fL. Ask the laboratory which unit it reports.")
# By the codes of ``scoring.laboratory.reasons``, which this room doesn't know.
REFUSALS: dict[str, Words] = {
    "not_hl7": _("It is no HL7 v2 message that begins with MSH, or its segments are out of order."),
    "charset_unknown": _("MSH-18 names a character set that is not read here."),
    "charset_unreadable": _("Its characters are not those of the character set in MSH-18."),
    "null_character": _("It holds a null character."),
    "control_id_missing": _("MSH-10, its control ID, is empty."),
    "message_type": _("MSH-9 is neither a result (ORU^R01) nor a merge (ADT^A40)."),
    "event": _(
        "The event in MSH-9 is not read here: of ORU R01, of ADT only merges of hospital numbers "
        "(A40, A34)."
    ),
    "processing": _("MSH-11 is not P: it is a test, or quality control."),
    "version": _("MSH-12 is no version 2 of HL7."),
    "no_results": _("It holds no result (OBX)."),
    "patient_missing": _("It names no patient: PID-3, or MRG-1 of a merge, is empty or missing."),
    "merge_missing": _("It merges numbers, but does not say which: MRG is missing."),
    "patient_not_chosen": _(
        "None of the identifiers in PID-3, or in MRG-1 of a merge, is the hospital number, or "
        "several may be. See "
        "RBP_HL7_PATIENT_AUTHORITY and RBP_HL7_PATIENT_ID_TYPE."
    ),
    "patient_number": _("The hospital number in PID-3 or MRG-1 is none that this site takes."),
    "unknown_code": _(
        "None of its results is known here. A code of the laboratory's own is named in "
        "RBP_HL7_CODES."
    ),
    "nothing_to_withdraw": _("It takes back a result that was never received."),
    "duplicate_key": _("Another message with the same control ID was accepted before."),
}
UNUSABLE: dict[str, Words] = {
    "code_ratio": _("its code means a ratio, not a volume in fL"),
    "code_blood": _("its code means chloride in blood, not in serum or plasma"),
    "code_site": _("not measured at spine or hip"),
    "code_density": _("its code means a density, not a T-score"),
    "code_z_score": _("its code means a Z-score, not a T-score"),
    "status_missing": _("the message does not say that it is final"),
    "not_final": _("not final yet"),
    "withdrawn": _("the laboratory took it back"),
    "specimen_other": _("not measured in serum or plasma"),
    "specimen_missing": _("the message does not say whether it was measured in serum or plasma"),
    "no_value": _("no value"),
    "several_values": _("several values in one result"),
    "not_a_number": _("not a number"),
    "bound": _("a limit, not a number"),
    "decimals": _("more than four decimals"),
    "unit_missing": _("no unit"),
    "unit_gsd": _("GSD, not fL"),
    "unit_other": _("another unit than the one that is scored"),
    "range_gsd": _("its reference range, 15–17, is that of GSD, not of fL"),
    "outside_domain": _("outside what the model scores"),
}
# Where bone density was measured, as the codes of laboratories say it.
SITES: dict[str, Words] = {
    "lumbar_spine": _("lumbar spine"),
    "hip": _("hip"),
    "femur": _("femur"),
}


def refusal_text(reason: str) -> str:
    """Why a message was refused; codes of later versions stand as they are."""
    return str(REFUSALS.get(reason, reason))


def unusable_text(reason: str) -> str:
    """Why a result is not offered."""
    return str(UNUSABLE.get(reason, reason))
