"""Pages: one module a group of them."""
