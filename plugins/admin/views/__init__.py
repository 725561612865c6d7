"""What admins press."""
