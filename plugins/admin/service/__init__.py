"""What admins do, each thing in one transaction with its entry in the audit."""
