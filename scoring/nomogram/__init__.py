"""Risk models as values: inputs to points to risk. Pure arithmetic, no Django, no input or output.

``model.py`` says what a nomogram is, ``predictor.py`` what its predictors are; the published model
is ``rong2025.model.RONG_2025``.
"""
