"""Interactions: how a persona begins one, as a client would, and how a bot answers."""
