"""The only code that writes.

Every action takes keywords and the actor, runs in one transaction, and writes its line in the
access log in the same transaction.
"""

from scoring.actions.assessments import record_assessment
from scoring.actions.log import NOWHERE, log_event
from scoring.actions.patients import HospitalNumberTakenError, register_patient
from scoring.actions.users import create_user

__all__ = [
    "NOWHERE",
    "HospitalNumberTakenError",
    "create_user",
    "log_event",
    "record_assessment",
    "register_patient",
]
