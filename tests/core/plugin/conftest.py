"""Nothing that a test imported is there in the next."""

import sys
from collections.abc import Generator

import pytest

from core.plugin.discovery import FOLDER_PACKAGE


@pytest.fixture(autouse=True)
def forget_modules() -> Generator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith((FOLDER_PACKAGE, "installed_ladder", "bundled_ladder")):
            del sys.modules[name]
