"""Studies on cohort files, for the command line alone: models, their files, reports and words.

What is served knows nothing of it.
"""
