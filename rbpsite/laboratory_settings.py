"""Settings of the laboratory's messages by HL7 v2; docs/integration.md explains each.

``settings.py`` takes them over once it has read ``.env``.
"""

from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

from rbpsite.environment import items, listener, number, text

# Where ``manage.py receive_hl7`` listens; whether it is set up is another question.
HL7_LISTEN = listener("RBP_HL7_LISTEN", "127.0.0.1:2575")
HL7_IS_SET_UP = bool(text("RBP_HL7_LISTEN"))


def _networks(name: str, default: str) -> list[str]:
    given = items(name, default)
    for each in given:
        try:
            ip_network(each)
        except ValueError as reason:
            raise ImproperlyConfigured(
                f'{name} is "{each}"; set it to addresses such as 192.0.2.10 or networks such as '
                "192.0.2.0/28, separated by commas."
            ) from reason
    return given


# Who may connect.
HL7_SENDERS = _networks("RBP_HL7_SENDERS", "127.0.0.1,::1")
# The identifier of PID-3 that is the hospital number: assigning authority (CX.4), type (CX.5).
HL7_PATIENT_AUTHORITY = text("RBP_HL7_PATIENT_AUTHORITY")
HL7_PATIENT_ID_TYPE = text("RBP_HL7_PATIENT_ID_TYPE")
_FIELDS = {"pdw": "pdw_fl", "chloride": "chloride_mmol_l"}
# The laboratory's own codes, each with the field of its predictor.
HL7_CODES = {
    code: _FIELDS[name]
    for name, _colon, code in (
        each.partition(":")
        for each in items(
            "RBP_HL7_CODES",
            pattern=r"(pdw|chloride):[^\s:]+",
            allowed="pairs such as pdw:2028,chloride:0112",
        )
    )
}
HL7_CONNECTIONS = number("RBP_HL7_CONNECTIONS", 16, 1, 256)
HL7_IDLE_SECONDS = number("RBP_HL7_IDLE_SECONDS", 3600, 1, 86_400)
HL7_MAX_KB = number("RBP_HL7_MAX_KB", 1024, 16, 16_384)
