"""Results into a database."""
