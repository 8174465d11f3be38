"""Resources together: pages of a search, and all that a version of an assessment says."""

from collections.abc import Iterable, Mapping

from scoring.fhir.identity import Site, patient_resource
from scoring.fhir.observation import known_predictors, observation_resource
from scoring.fhir.resource import Resource, instant, without_empty
from scoring.fhir.risk_assessment import stored_risk_assessment
from scoring.models import Assessment


def searchset(
    found: Iterable[Resource],
    site: Site,
    *,
    links: Mapping[str, str],
    total: int | None,
) -> Resource:
    """One page: the resources with their addresses, and the pages beside it.

    ``links`` by relation: "self", and "next" where there is more. ``total`` counts the resources on
    all pages; None where that is not counted.
    """
    page = without_empty(
        {
            "resourceType": "Bundle",
            "type": "searchset",
            "link": [{"relation": name, "url": url} for name, url in links.items()],
            "entry": [
                {"fullUrl": site.address(one), "resource": one, "search": {"mode": "match"}}
                for one in found
            ],
        }
    )
    return page if total is None else page | {"total": total}


def version_bundle(assessment: Assessment, site: Site) -> Resource:
    """A version by itself: its risk, the patient, and each value that is known."""
    resources = [
        stored_risk_assessment(assessment, site),
        patient_resource(assessment.patient, site),
        *(observation_resource(assessment, one) for one in known_predictors(assessment)),
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": instant(assessment.created_at),
        "entry": [{"fullUrl": site.address(one), "resource": one} for one in resources],
    }
