"""What plugins offer each other."""

import pytest

from core.plugin.services import Services


class Ratings:
    pass


class Matches:
    pass


def test_a_service_is_found_by_its_class_until_its_plugin_withdraws_it() -> None:
    services = Services()
    ratings, matches = Ratings(), Matches()
    services.add("queue", ratings)
    services.add("admin", matches)
    assert services.get(Ratings) is ratings
    services.remove("queue")
    with pytest.raises(LookupError, match="no loaded plugin offers a Ratings"):
        services.get(Ratings)
    assert services.get(Matches) is matches
    services.remove("queue")


def test_two_of_one_class_are_refused_naming_the_first() -> None:
    services = Services()
    services.add("queue", Ratings())
    with pytest.raises(ValueError, match="plugin queue offers a Ratings already"):
        services.add("admin", Ratings())
