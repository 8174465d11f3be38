"""Checks of the laboratory's messages; nothing is asked where none are to come."""

from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings
from django.utils.translation import gettext as _

from scoring import health
from scoring.management.doctor.finding import Finding


def laboratory_is_set_up_safely() -> Iterator[Finding]:
    """Who is the patient of a message, and who can read it on its way."""
    if not settings.HL7_IS_SET_UP:
        return
    if not (settings.HL7_PATIENT_AUTHORITY or settings.HL7_PATIENT_ID_TYPE):
        text = _(
            "Nothing says which identifier of PID-3 is the hospital number: messages with several "
            "are refused. Set RBP_HL7_PATIENT_AUTHORITY or RBP_HL7_PATIENT_ID_TYPE."
        )
        yield Finding("laboratory_patient", text, wrong=False)
    host = settings.HL7_LISTEN.rpartition(":")[0].strip("[]")
    if not _is_of_this_computer(host):
        text = _(
            "Laboratory messages reach %(address)s without encryption. Let them come through a "
            "tunnel or a closed network, as docs/integration.md says."
        )
        yield Finding("laboratory_open", text % {"address": settings.HL7_LISTEN}, wrong=False)


def laboratory_messages_are_taken() -> Iterator[Finding]:
    """Whether some server takes them."""
    if settings.HL7_IS_SET_UP and not health.listener_is_running():
        text = _(
            "manage.py receive_hl7 does not run: laboratory results do not arrive. Start it, for "
            "example: systemctl start rbp-risk-hl7"
        )
        yield Finding("laboratory", text)


def _is_of_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
