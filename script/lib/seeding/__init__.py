"""Synthetic chains of assessments by the million: drawn with numpy, written with COPY."""
