"""What pages and papers say of the paper's worked example (section 4), in whole per cent.

Asked of the model, so that a test of a page is no second test of the model:
``nomogram/test_risk.py`` says what these numbers are.
"""

from scoring.display import percent_range_text, percent_text
from scoring.nomogram.rong2025.model import RONG_2025
from tests.nomogram.examples import WORKED_EXAMPLE

_RESTORED, _NOT_RESTORED = RONG_2025.assess({**WORKED_EXAMPLE, "mvh_restored": None}).scenarios

# The risk as the example is, and with the height restored: "76 %" and "43 %".
RISK, RISK_RESTORED = percent_text(_NOT_RESTORED.risk), percent_text(_RESTORED.risk)
WHOLE, WHOLE_RESTORED = RISK.removesuffix(" %"), RISK_RESTORED.removesuffix(" %")
EITHER = f"{WHOLE_RESTORED} or {RISK}"
CI95_RESTORED = percent_range_text(*_RESTORED.ci95)
CI95, RANGE = percent_range_text(*_NOT_RESTORED.ci95), percent_range_text(*_NOT_RESTORED.band)
