"""Why something on record was corrected."""


class ReasonMissingError(ValueError):
    """A correction needs a reason."""
