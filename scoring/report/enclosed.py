"""The files that a report encloses for programs: the assessment as our JSON, and as FHIR.

They say what the paper says of this version, and nothing of who prints it, or when.
"""

import logging
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from scoring.fhir.bundle import version_bundle
from scoring.fhir.identity import Site
from scoring.fhir.leaving import FaultyResourceError, checked
from scoring.fhir.resource import MEDIA_TYPE
from scoring.models import Assessment
from scoring.report.assessment_json import assessment_json

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EnclosedFile:
    """A file inside a PDF. ``name`` is ASCII (``scoring.typesetting.archive``)."""

    name: str
    media_type: str
    text: str

    @property
    def data_uri(self) -> str:
        """The file as an address that holds it."""
        return f"data:{self.media_type};base64,{b64encode(self.text.encode()).decode()}"


def enclosed_files(assessment: Assessment, ward: str) -> Iterator[EnclosedFile]:
    """The files of a report; ``ward`` is its heading.

    FHIR names numbers and resources by the address of the site. Without RBP_PUBLIC_URL there is
    none that another system could rely on, and no such file.
    """
    yield EnclosedFile("assessment.json", "application/json", assessment_json(assessment, ward))
    if not settings.PUBLIC_URL:
        return
    site = Site(f"{settings.PUBLIC_URL.rstrip('/')}/fhir")
    try:
        bundle = checked(version_bundle(assessment, site))
    except FaultyResourceError:
        # An error of ours must not keep the paper from the chart.
        _log.exception("A report leaves without its FHIR resources.")
        return
    yield EnclosedFile("assessment.fhir.json", MEDIA_TYPE, f"{bundle}\n")
