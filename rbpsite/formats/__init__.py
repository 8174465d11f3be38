"""How dates and times are written, by language; Django finds them by FORMAT_MODULE_PATH."""
