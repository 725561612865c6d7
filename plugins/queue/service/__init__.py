"""What the queue does, in transactions."""
