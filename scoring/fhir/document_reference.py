"""The report of a version as a document: which PDF, and which report it replaces."""

from base64 import b64encode
from hashlib import sha1

from django.utils.translation import gettext as _

from scoring.fhir import codes
from scoring.fhir.identity import Site, meta, report_identifier, subject
from scoring.fhir.resource import Resource, instant, language, without_empty
from scoring.fhir.status import document_status, risk_status
from scoring.models import Assessment
from scoring.words.marks import spaced

# The document's own status has no "cancelled": what is on paper is whole all the same.
_DOCUMENT_STATUSES = {"preliminary", "final", "amended", "entered-in-error"}


def document_resource(assessment: Assessment, site: Site, pdf: bytes | None) -> Resource:
    """The report of a version. Its id is that of the version, so that each has its own.

    ``pdf`` is the report as it is kept, without the foot that each print gets; None where it is not
    made yet: then size and hash are left out.
    """
    status = risk_status(assessment)
    attachment: Resource = {
        "contentType": "application/pdf",
        # Size and hash are those of the PDF in this language.
        "language": language(),
        "url": f"{site.base}/Binary/{assessment.pk}",
        "title": spaced(assessment.chain.report_number, f"v{assessment.version}"),
        "creation": instant(assessment.created_at),
    }
    if pdf is not None:
        attachment |= {"size": len(pdf), "hash": sha1_of(pdf)}
    replaced = assessment.supersedes_id
    return without_empty(
        {
            "resourceType": "DocumentReference",
            "id": str(assessment.pk),
            # Its status changes with the next version, size and hash when the PDF is made.
            "meta": meta("", instant(assessment.created_at), assessment.patient),
            "identifier": [report_identifier(assessment, site)],
            "status": document_status(assessment),
            "docStatus": status if status in _DOCUMENT_STATUSES else "final",
            "type": codes.concept(codes.REPORT, _("Report on the risk of residual back pain")),
            "subject": subject(assessment.patient),
            "date": instant(assessment.created_at),
            "author": [{"display": assessment.created_by_name}],
            "relatesTo": [
                {
                    "code": "replaces",
                    "target": {"reference": f"DocumentReference/{replaced}"},
                }
            ]
            if replaced
            else [],
            "content": [{"attachment": attachment}],
            "context": {
                "related": [{"reference": f"RiskAssessment/{assessment.chain_id}"}],
            },
        }
    )


def binary_resource(assessment: Assessment, pdf: bytes) -> Resource:
    """The PDF itself as a resource, for clients that read nothing else."""
    return {
        "resourceType": "Binary",
        "id": str(assessment.pk),
        "contentType": "application/pdf",
        "securityContext": {"reference": f"DocumentReference/{assessment.pk}"},
        "data": b64encode(pdf).decode(),
    }


def sha1_of(content: bytes) -> str:
    """SHA-1 in base64, which is the hash that R4 wants. It finds slips, and protects nothing."""
    return b64encode(sha1(content, usedforsecurity=False).digest()).decode()
