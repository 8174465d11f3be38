"""The codes that R4 (4.0.1) allows where it binds an element to a value set (required bindings)."""

from collections.abc import Mapping
from types import MappingProxyType

_OBSERVATION = "registered preliminary final amended corrected cancelled entered-in-error unknown"
_PUBLICATION = "draft active retired unknown"
_ISSUES = (
    "invalid structure required value invariant security login unknown expired forbidden "
    "suppressed processing not-supported duplicate multiple-matches not-found deleted too-long "
    "code-invalid extension too-costly business-rule conflict transient lock-error no-store "
    "exception timeout incomplete throttled informational"
)
_ITEMS = (
    "group display question boolean decimal integer date dateTime time string text url choice "
    "open-choice attachment reference quantity"
)
# By where they stand: of the elements that are sent or read.
VALUE_SETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        path: frozenset(codes.split())
        for path, codes in {
            "RiskAssessment.status": _OBSERVATION,
            "Observation.status": _OBSERVATION,
            "Patient.gender": "male female other unknown",
            "Patient.name.use": "usual official temp nickname anonymous old maiden",
            "DocumentReference.status": "current superseded entered-in-error",
            "DocumentReference.docStatus": "preliminary final amended entered-in-error",
            "DocumentReference.relatesTo.code": "replaces transforms signs appends",
            "Provenance.entity.role": "derivation revision quotation source removal",
            "Questionnaire.status": _PUBLICATION,
            "Questionnaire.item.type": _ITEMS,
            "CodeSystem.status": _PUBLICATION,
            "CodeSystem.content": "not-present example fragment complete supplement",
            "CapabilityStatement.status": _PUBLICATION,
            "CapabilityStatement.kind": "instance capability requirements",
            "CapabilityStatement.rest.mode": "client server",
            "CapabilityStatement.rest.resource.interaction.code": (
                "read vread update patch delete history-instance history-type create search-type"
            ),
            "CapabilityStatement.rest.resource.conditionalRead": (
                "not-supported modified-since not-match full-support"
            ),
            "CapabilityStatement.rest.resource.versioning": (
                "no-version versioned versioned-update"
            ),
            "CapabilityStatement.rest.resource.searchParam.type": (
                "number date string token reference composite quantity uri special"
            ),
            "OperationDefinition.status": _PUBLICATION,
            "OperationDefinition.kind": "operation query",
            "OperationDefinition.parameter.use": "in out",
            "OperationOutcome.issue.severity": "fatal error warning information",
            "OperationOutcome.issue.code": _ISSUES,
            "Bundle.type": (
                "document message transaction transaction-response batch batch-response history "
                "searchset collection"
            ),
            "Bundle.entry.search.mode": "match include outcome",
            "Device.deviceName.type": (
                "udi-label-name user-friendly-name patient-reported-name manufacturer-name "
                "model-name other"
            ),
        }.items()
    }
)
