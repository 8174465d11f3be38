"""Messages on record, and an assessment with a value from one."""

from scoring import actions
from scoring.models import Assessment, LaboratoryMessage
from tests import cast
from tests.laboratory.messages import OBR, PID, RULES, merge_text, obx, oru

# In the days before the operation of the cast.
TAKEN = OBR.replace("20261127080000", "20250311080000")


def kept_message(text: str, codec: str = "utf-8") -> LaboratoryMessage:
    """The message, received and kept."""
    actions.receive_message(by=None, raw=text.encode(codec), rules=RULES, origin=actions.NOWHERE)
    return LaboratoryMessage.objects.latest("received_at")


def pdw_of(number: str, value: str = "12.80", **more: str) -> LaboratoryMessage:
    """A message with the PDW of a hospital number, as the worked example has it."""
    result = {name: more.pop(name) for name in ("status", "unit") if name in more}
    header = {"control_id": f"C-{number}"} | more
    patient = PID.replace("H1042", number).replace("19461203", "19440714")
    return kept_message(oru(obx(value=value, **result), patient=patient, order=TAKEN, **header))


def merged(prior: str, surviving: str, control_id: str = "M") -> LaboratoryMessage:
    """A message that merges a hospital number into another one."""
    return kept_message(merge_text(prior, surviving, control_id))


def of_laboratory(number: str, **header: str) -> Assessment:
    """An assessment whose PDW was taken from a message."""
    result = pdw_of(number, **header).results.get()
    made = actions.record_assessment(
        by=cast.alice(),
        patient=cast.person(number),
        entry=cast.worked_example(),
        submission=cast.submission(),
        taken={"pdw_fl": result.pk},
    )
    return Assessment.objects.select_related("patient", "chain").get(pk=made.pk)
