"""A patient's copy of all data held about them, as JSON and as PDF."""

from scoring.report.patient_copy.content import PatientCopy
from scoring.report.patient_copy.json_file import copy_as_json
from scoring.report.patient_copy.pdf import copy_html

__all__ = ["PatientCopy", "copy_as_json", "copy_html"]
