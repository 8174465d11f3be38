"""Validators of others look at our FHIR resources; ``result.txt`` is what they said last."""
