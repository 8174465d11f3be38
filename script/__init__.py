"""The commands of the project; what they share is in ``script.lib``."""
