"""Countries are found however people write them."""

import subprocess
import sys

import pytest

from plugins.queue.domain import countries


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Germany", "DE"),
        ("germany", "DE"),
        ("  GERMANY ", "DE"),
        ("DE", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("deu", "DE"),
        ("Federal Republic of Germany", "DE"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Turkey", "TR"),
        ("turkiye", "TR"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("aland islands", "AX"),
        ("UK", "GB"),
        ("usa", "US"),
        ("Russia", "RU"),
        ("Niger", "NE"),
        ("Guinea", "GN"),
    ],
)
def test_a_country_by_any_of_its_names_and_codes(typed: str, code: str) -> None:
    found = countries.find(typed)

    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "typed", ["", " ", "Ger", "Korea", "United", "XX", "Atlantis", "🇩🇪", "D E"]
)
def test_what_names_no_country_or_more_than_one(typed: str) -> None:
    assert countries.find(typed) is None


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Korea", ["North Korea", "South Korea"]),
        ("Germny", ["Germany"]),
        ("Swizerland", ["Switzerland"]),
        ("Atlantis", []),
        ("", []),
    ],
)
def test_what_may_have_been_meant(typed: str, near: list[str]) -> None:
    assert [country.name for country in countries.near(typed)][: len(near) or None] == near


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("de", ["Germany", "Denmark"]),
        ("niger", ["Niger", "Nigeria"]),
        ("ind", ["India", "Indonesia"]),
        ("kor", ["South Korea", "North Korea"]),
        ("", ["Afghanistan", "Åland Islands"]),
    ],
)
def test_the_best_completion_comes_first(typed: str, best: list[str]) -> None:
    assert [country.name for country in countries.complete(typed)][:2] == best


def test_no_more_completions_than_discord_shows() -> None:
    assert len(countries.complete("")) == 25
    assert countries.complete("no such country") == []


def test_every_country_is_found_by_what_is_shown_of_it() -> None:
    shown = [country for letter in "abcdefghijklmnopqrstuvwxyz" for country in _all(letter)]

    assert len(set(shown)) == 249
    for country in shown:
        assert countries.find(country.name) == country
        assert countries.find(country.code) == country
        assert countries.name(country.code) == country.name
        assert len(country.name) <= 64


def test_a_flag_is_two_regional_indicators() -> None:
    assert countries.flag("DE") == "🇩🇪"
    assert countries.flag("us") == "🇺🇸"


def test_the_name_of_a_code_that_is_none() -> None:
    assert countries.name("ZZ") == "ZZ"


def test_nothing_is_read_before_somebody_asks() -> None:
    code = (
        "import sys; from plugins.queue.domain import countries; countries.flag('DE');"
        " sys.exit('pycountry' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _all(letter: str) -> set[countries.Country]:
    """Those whose name has the letter: more than are offered at once, so by two letters."""
    others = "abcdefghijklmnopqrstuvwxyz"
    return {country for other in others for country in countries.complete(letter + other)}
