"""Results as plain dictionaries for JSON: full precision, null where a reason stands beside."""

from scoring.statistics.exchange.development import development_as_dict, nomogram_as_dict
from scoring.statistics.exchange.validation import (
    HOSMER_LEMESHOW_RULE,
    operating_as_dict,
    recalibration_as_dict,
    validation_as_dict,
)

__all__ = [
    "HOSMER_LEMESHOW_RULE",
    "development_as_dict",
    "nomogram_as_dict",
    "operating_as_dict",
    "recalibration_as_dict",
    "validation_as_dict",
]
