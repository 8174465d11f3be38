"""What the hospital says of hospital numbers that it merged; a person corrects the patient's."""

from django.db import models
from django.db.models import F, Q

from scoring.models.guards import append_only
from scoring.models.laboratory import LaboratoryMessage


class NumberMerge(models.Model):
    """The patient of ``prior_number`` has ``surviving_number`` from now on, by a message.

    Of a number that several rows name, the newest holds.
    """

    message = models.ForeignKey(LaboratoryMessage, on_delete=models.PROTECT, related_name="merges")
    prior_number = models.CharField(max_length=32)
    surviving_number = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="number_merge_of_two", condition=~Q(prior_number=F("surviving_number"))
            ),
        ]
        indexes = [
            models.Index(name="number_merge_prior", fields=["prior_number"]),
            models.Index(name="number_merge_surviving", fields=["surviving_number"]),
        ]
        triggers = append_only("number_merge")

    def __str__(self) -> str:
        """For logs: no patient data."""
        return f"merge {self.pk}"
