"""One version of an assessment for programs: the file inside its PDF report, and in the API.

Its keys are those of the patient's copy (``scoring.report.patient_copy.json_file``), without what
says who may see the patient and by which user name somebody signs in. Nothing in it depends on
language, paper, or who prints when.
"""

import json

from scoring.models import Assessment
from scoring.report.patient_copy.json_file import columns, version_columns

FORMAT = "rbp-risk-assessment"
FORMAT_VERSION = 1
# Who signs in by which name, and who may see the patient.
LEFT_OUT = {"created_by", "ward"}


def assessment_json(assessment: Assessment, ward: str) -> str:
    """The file with a line break at its end; docs/operations.md documents its keys.

    ``ward`` is the heading of the report: hospital and ward.
    """
    return (
        json.dumps(content(assessment, ward), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    )


def content(assessment: Assessment, ward: str) -> dict[str, object]:
    """The same before it is text."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "ward": ward,
        "report_number": assessment.chain.report_number,
        "patient": columns(assessment.patient, but=LEFT_OUT),
        "version": version_columns(assessment, but=LEFT_OUT),
    }
