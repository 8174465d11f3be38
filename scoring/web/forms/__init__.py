"""Forms turn what was typed into domain types once; nothing behind them parses."""

from scoring.web.forms.amend import half_filled, initial_of
from scoring.web.forms.assessment import AssessmentForm
from scoring.web.forms.calculator import CalculatorForm
from scoring.web.forms.patient import PatientForm

__all__ = ["AssessmentForm", "CalculatorForm", "PatientForm", "half_filled", "initial_of"]
