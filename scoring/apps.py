"""The one application of the site."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Assessments of the risk of residual back pain, and their record."""

    name = "scoring"

    def ready(self) -> None:
        """Connect what happens at every sign-in, by whichever page."""
        from scoring.web import session_limits  # noqa: F401
