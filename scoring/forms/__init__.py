"""Forms turn what was typed into domain types once; nothing behind them parses."""

from scoring.forms.amend import half_filled, initial_of
from scoring.forms.assessment import AssessmentForm
from scoring.forms.calculator import CalculatorForm
from scoring.forms.patient import PatientForm

__all__ = ["AssessmentForm", "CalculatorForm", "PatientForm", "half_filled", "initial_of"]
