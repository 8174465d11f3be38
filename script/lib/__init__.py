"""What the commands share: the private PostgreSQL, the data folder, the server. No Django."""
