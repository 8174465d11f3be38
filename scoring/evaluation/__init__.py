"""The published model judged by statistics: what neither room does alone."""
