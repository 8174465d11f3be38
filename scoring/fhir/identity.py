"""Patients and reports by their numbers, and the addresses of resources."""

from dataclasses import dataclass

from scoring.fhir.codes import TEST_DATA
from scoring.fhir.resource import Resource, day, instant, without_empty
from scoring.models import Assessment, Patient
from scoring.models.patient import Sex
from scoring.nomogram.predictor import Predictor

_GENDERS = {
    Sex.FEMALE.value: "female",
    Sex.MALE.value: "male",
    Sex.OTHER.value: "other",
    Sex.NOT_KNOWN.value: "unknown",
}


@dataclass(frozen=True)
class Site:
    """The hospital's site: ``base`` is the address of its FHIR resources, without a slash."""

    base: str

    @property
    def hospital_numbers(self) -> str:
        """The system of hospital numbers."""
        return f"{self.base}/sid/hospital-number"

    @property
    def report_numbers(self) -> str:
        """The system of report numbers."""
        return f"{self.base}/sid/report-number"

    def address(self, resource: Resource) -> str:
        """The address of a resource of this site."""
        return f"{self.base}/{resource['resourceType']}/{resource['id']}"


def patient_resource(patient: Patient, site: Site) -> Resource:
    """A patient: number, name, date of birth, sex. What is not known is left out.

    Corrections are counted by ``meta.versionId``; only the latest version can be read.
    """
    name = without_empty(
        {
            "use": "official",
            "text": str(patient) if patient.family_name else "",
            "family": patient.family_name,
            "given": [patient.given_name] if patient.given_name else [],
        }
    )
    changed_at = patient.created_at
    if patient.revision:
        changed_at = max(one.created_at for one in patient.corrections.all())
    return without_empty(
        {
            "resourceType": "Patient",
            "id": str(patient.pk),
            "meta": meta(str(patient.revision + 1), instant(changed_at), patient),
            "identifier": [{"system": site.hospital_numbers, "value": patient.hospital_number}],
            "name": [name] if patient.family_name else [],
            "gender": _GENDERS[patient.sex],
            "birthDate": day(patient.birth_date),
        }
    )


def meta(version: str, updated_at: str, patient: Patient) -> Resource:
    """Version and time; a synthetic patient is marked as test data.

    Without a ``version`` none are told apart.
    """
    security = [TEST_DATA] if patient.synthetic else []
    return without_empty({"versionId": version, "lastUpdated": updated_at, "security": security})


def subject(patient: Patient) -> Resource:
    """The reference to a patient."""
    return {"reference": f"Patient/{patient.pk}", "type": "Patient"}


def observation_id(assessment: Assessment, predictor: Predictor) -> str:
    """The id of what an assessment records of a predictor; the same in all its versions."""
    return f"{assessment.chain_id}.{predictor.key.replace('_', '-')}"


def risk_reference(assessment: Assessment, version: int | None = None) -> str:
    """The reference to a version of an assessment, this one where none is named."""
    number = assessment.version if version is None else version
    return f"RiskAssessment/{assessment.chain_id}/_history/{number}"


def report_identifier(assessment: Assessment, site: Site) -> Resource:
    """The report number."""
    return {"system": site.report_numbers, "value": assessment.chain.report_number}
