"""What every plugin stands on. The core knows no plugin by name."""
