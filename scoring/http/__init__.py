"""What pages and API share in answering requests."""
