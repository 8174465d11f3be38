"""Messages on record."""

from scoring import actions
from scoring.models import LaboratoryMessage
from tests.laboratory.messages import RULES


def kept_message(text: str, codec: str = "utf-8") -> LaboratoryMessage:
    """The message, received and kept."""
    actions.receive_message(by=None, raw=text.encode(codec), rules=RULES, origin=actions.NOWHERE)
    return LaboratoryMessage.objects.latest("received_at")
