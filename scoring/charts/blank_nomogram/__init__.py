"""The nomogram without a patient, true to scale, to be read by hand when the computer is down.

Unlike the one with a patient's marks, every scale has its points, or its risk, right below it: so
nothing is carried across the paper, and no ruler is needed.
"""

from scoring.charts.blank_nomogram.geometry import BlankNomogram, blank_nomogram
from scoring.charts.blank_nomogram.svg import blank_nomogram_svg, row_labels

__all__ = ["BlankNomogram", "blank_nomogram", "blank_nomogram_svg", "row_labels"]
