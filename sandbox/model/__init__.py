"""What exists on a Discord: plain values, each able to show itself as the API does."""
