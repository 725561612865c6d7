"""The custom_id names a row, and nothing else gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.views import CustomId

words = st.from_regex(r"[a-z][a-z0-9_]{0,14}", fullmatch=True)
keys = st.from_regex(r"[A-Za-z0-9._-]{1,30}", fullmatch=True)


@given(words, words, keys, words)
def test_it_is_read_back(plugin: str, view: str, key: str, action: str) -> None:
    custom_id = CustomId(plugin, view, key, action)

    assert CustomId.parse(str(custom_id)) == custom_id


@given(st.text(max_size=120))
def test_anything_else_is_somebody_elses(text: str) -> None:
    parsed = CustomId.parse(text)

    assert parsed is None or str(parsed) == text


def test_one_that_is_too_long_is_refused_when_built() -> None:
    with pytest.raises(ValueError, match="100 at most"):
        str(CustomId("queue", "match", "1" * 100, "confirm"))


@pytest.mark.parametrize("key", ["a:b", "", "ä", "a b"])
def test_a_key_that_would_be_read_otherwise_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="the key has letters"):
        str(CustomId("queue", "match", key, "confirm"))
