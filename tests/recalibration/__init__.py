"""Versions of the model adjusted to a hospital: proposed, decided, kept with results."""
