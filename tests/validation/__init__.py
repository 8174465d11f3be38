"""The local validation: who counts, what is computed, page and report."""
