"""What the claims about speed and memory rest on: each benchmark prints how it measured."""
