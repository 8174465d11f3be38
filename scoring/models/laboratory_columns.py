"""How the columns of a laboratory's tables are to be understood, as a user said it."""

from django.db import models

from scoring.models.user import User


class LaboratoryColumns(models.Model):
    """Headers by input field, under the name of a laboratory; no patient's data.

    ``headers``, ``in_unit`` and ``one_is_yes`` are those of ``scoring.files.headings.Choice``.
    """

    name = models.CharField(max_length=60, unique=True)
    headers = models.JSONField(default=dict)
    in_unit = models.JSONField(default=list)
    one_is_yes = models.BooleanField(default=False)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
