"""The model in parts of the patients: by sex, age, level, eligibility and period."""

SEXES = ("female", "male", "other", "not_known")
