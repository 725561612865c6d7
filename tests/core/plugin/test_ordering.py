"""In which order plugins load, and who is refused with which reason."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.plugin.ordering import load_order


def test_what_is_required_comes_first_and_else_nothing_moves() -> None:
    order, refused = load_order(["c", "b", "a"], {"c": ("a",), "b": ("a",)})
    assert order.index("a") < min(order.index("b"), order.index("c"))
    assert sorted(order) == ["a", "b", "c"]
    assert refused == {}
    assert load_order(["c", "a", "b"], {})[0] == ["c", "a", "b"]


def test_a_missing_one_is_named_to_whoever_requires_it_and_to_their_dependents() -> None:
    order, refused = load_order(["a", "b", "c", "d"], {"a": ("gone",), "b": ("a",), "c": ("b",)})
    assert order == ["d"]
    assert refused["a"] == "it requires the plugin gone, which is not enabled"
    assert refused["b"].startswith("it requires the plugin a, which cannot be loaded (it requires")
    assert "gone" in refused["c"]


def test_a_cycle_is_spelled_out_and_takes_its_dependents_along() -> None:
    order, refused = load_order(
        ["a", "b", "c", "d", "e"], {"a": ("b",), "b": ("c",), "c": ("a",), "d": ("a",)}
    )
    assert order == ["e"]
    assert set(refused) == {"a", "b", "c", "d"}
    path = refused["b"].removeprefix("it requires itself: ").split(" -> ")
    assert path[0] == path[-1]
    assert set(path) == {"a", "b", "c"}
    steps = set(pairwise(path))
    assert steps == {("a", "b"), ("b", "c"), ("c", "a")}, "each requires the next"
    assert refused["d"].startswith("it requires the plugin a, which cannot be loaded")


def test_one_that_requires_itself_and_two_separate_cycles() -> None:
    order, refused = load_order(
        ["a", "b", "c", "d", "e"],
        {"a": ("a",), "b": ("c",), "c": ("b",), "d": ("e",)},
    )
    assert order == ["e", "d"]
    assert refused["a"] == "it requires itself: a -> a"
    assert set(refused) == {"a", "b", "c"}


NAMES = st.sampled_from("abcdef")


@given(
    enabled=st.lists(NAMES, unique=True),
    requires=st.dictionaries(NAMES, st.lists(NAMES, unique=True, max_size=3).map(tuple)),
)
def test_every_enabled_plugin_is_either_ordered_after_its_own_or_refused(
    enabled: list[str], requires: dict[str, tuple[str, ...]]
) -> None:
    order, refused = load_order(enabled, requires)
    assert sorted([*order, *refused]) == sorted(enabled)
    for index, name in enumerate(order):
        assert set(requires.get(name, ())) <= set(order[:index])
