"""The upright axis of plots of observed / expected."""

import math
from collections.abc import Iterable

_LEAST_TOP = 3.0
_MOST_STEPS = 8


def ratio_steps(ratios: Iterable[float]) -> list[float]:
    """Ticks from 0 to at least 3, and to above every ratio: at the edge it would read as less."""
    highest = max([_LEAST_TOP, *ratios])
    step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 1e9) if highest / step <= _MOST_STEPS)
    return [step * place for place in range(math.ceil(highest / step) + 1)]
