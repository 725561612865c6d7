"""The migrations of the notices."""
