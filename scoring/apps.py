"""The one application of the site."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Assessments of the risk of residual back pain, and their record."""

    name = "scoring"
