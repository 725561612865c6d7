"""Plugins without a bot."""

import pytest


@pytest.fixture
def has_tables() -> bool:
    """Their databases have the tables already."""
    return True
