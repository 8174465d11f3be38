"""The wards that users and patients belong to, where a hospital limits records to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from scoring.models.guards import append_only


class Ward(models.Model):
    """A ward by its name; never renamed or removed, so that the access log keeps its meaning."""

    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_by_name = models.CharField(max_length=100)

    class Meta:
        permissions = [("see_all_wards", "Can see the patients of every ward without a reason")]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="ward_name_unique"),
            models.CheckConstraint(
                name="ward_has_a_name", condition=Q(name__regex=r"[^[:space:]]")
            ),
        ]
        triggers = append_only("ward")

    def __str__(self) -> str:
        """The name."""
        return self.name
