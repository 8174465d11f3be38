"""One thing the doctor has found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A code that stays the same, and a sentence for the administrator.

    What is ``wrong`` has to be mended; the rest is advice.
    """

    code: str
    text: str
    wrong: bool = True
