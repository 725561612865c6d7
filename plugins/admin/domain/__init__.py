"""What admins type and what is written for them, without Discord and without a database."""
