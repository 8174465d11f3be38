"""The one application of the site."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Assessments of the risk of residual back pain, and their record."""

    name = "scoring"

    def ready(self) -> None:
        """Tell of changes to accounts that no action makes."""
        # Models can't be loaded before the application is.
        from scoring.actions.users_outside import watch

        watch()
