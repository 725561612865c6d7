"""What players read: which language, which values, and what their names cannot do."""

from pathlib import Path

import disnake
import pytest

import core
from core.text import LONGEST_VALUE, Catalogue, Markup

CORE_SENTENCES = Path(core.__file__).parent / "sentences"


def catalogue(folder: Path, **files: str) -> Catalogue:
    for language, text in files.items():
        (folder / f"{language.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    made = Catalogue()
    made.add("queue", folder)
    return made


async def test_the_nearest_language_that_has_the_sentence_speaks(tmp_path: Path) -> None:
    texts = catalogue(
        tmp_path,
        en='[match]\nfound = "Found"\nlost = "Lost"\nwon = "Won"',
        de='[match]\nfound = "Gefunden"\nlost = "Verloren"',
        de_CH='[match]\nfound = "Gfunde"',
    )
    assert texts.say("queue.match.found", "de-CH") == "Gfunde"
    assert texts.say("queue.match.lost", "de-CH") == "Verloren"
    assert texts.say("queue.match.won", "de-CH") == "Won"
    assert texts.say("queue.match.found", disnake.Locale.de) == "Gefunden"
    assert texts.say("queue.match.found", disnake.Locale.en_GB) == "Found"
    assert texts.say("queue.match.found", "tlh") == "Found"
    assert texts.say("queue.match.found") == "Found"
    assert texts.keys("de") == {"queue.match.found", "queue.match.lost"}


async def test_what_nobody_can_say_or_fill_in_is_an_error(tmp_path: Path) -> None:
    texts = catalogue(tmp_path, en='found = "Found {name}"')
    with pytest.raises(KeyError, match=r"no sentence 'queue\.nothing' in any language"):
        texts.say("queue.nothing")
    with pytest.raises(KeyError, match=r"plugin queue: the sentence 'found' \(en\) .* \{name\}"):
        texts.say("queue.found", "de", nam="Ada")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Ada", "Ada"),
        ("**Ada**", r"\*\*Ada\*\*"),
        ("~~a~~ _b_ `c` ||d||", r"\~\~a\~\~ \_b\_ \`c\` \|\|d\|\|"),
        ("[free](https://evil.example)", r"\[free\](https\://evil.example)"),
        ("https://x.example/**loud**", r"https\://x.example/\*\*loud\*\*"),
        ("# big", r"\# big"),
        ("-# small", r"\-# small"),
        ("> said", r"\> said"),
        ("one\n# two\n\n\nthree", "one # two three"),
        ("<#123456789012345678>", r"\<#123456789012345678>"),
        ("<t:1:R> </queue:123456789012345678>", r"\<t:1:R> \</queue:123456789012345678>"),
        ("@everyone @here", "@\u200beveryone @\u200bhere"),
        ("<@123456789012345678>", "\\<@\u200b123456789012345678>"),
        ("{brace}", "{brace}"),
        (7, "7"),
        (Markup("<@123456789012345678>"), "<@123456789012345678>"),
    ],
)
async def test_a_value_is_shown_as_it_is_written_whatever_it_holds(
    tmp_path: Path, value: object, shown: str
) -> None:
    texts = catalogue(tmp_path, en='hello = "{name}"')
    assert texts.say("queue.hello", name=value) == shown


async def test_an_object_that_turns_into_text_is_escaped_like_text(tmp_path: Path) -> None:
    class Player:
        def __str__(self) -> str:
            return "**Ada**"

    texts = catalogue(tmp_path, en='hello = "{name}"')
    assert texts.say("queue.hello", name=Player()) == r"\*\*Ada\*\*"


async def test_a_value_is_bounded(tmp_path: Path) -> None:
    texts = catalogue(tmp_path, en='hello = "{name}"')
    assert texts.say("queue.hello", name="x" * LONGEST_VALUE) == "x" * LONGEST_VALUE
    cut = texts.say("queue.hello", name="x" * (LONGEST_VALUE + 1))
    assert cut == "x" * (LONGEST_VALUE - 1) + "…"


async def test_a_number_keeps_its_format(tmp_path: Path) -> None:
    texts = catalogue(tmp_path, en='wait = "{seconds:.0f} s"')
    assert texts.say("queue.wait", seconds=2.7) == "3 s"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("found = ", "Invalid value"),
        ("found = 3", r"queue\.found is not a sentence in quotes"),
        ('[a]\nfound = ["x"]', r"queue\.a\.found is not a sentence in quotes"),
        ('found = "{open"', r"queue\.found: "),
        ('found = "{}"', "must be a plain name"),
        ('found = "{player.token}"', "must be a plain name"),
    ],
)
async def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint) as error:
        catalogue(tmp_path, en=text)
    assert str(tmp_path / "en.toml") in str(error.value)


async def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_bytes(b'found = "\xff"')
    with pytest.raises(ValueError, match=r"en\.toml"):
        Catalogue().add("queue", tmp_path)


async def test_a_folder_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    texts = Catalogue()
    texts.add("queue", tmp_path / "sentences")
    assert texts.keys() == frozenset()


async def test_every_sentence_of_the_core_can_be_said() -> None:
    texts = Catalogue()
    texts.add("core", CORE_SENTENCES)
    keys = texts.keys()
    assert keys
    for key in keys:
        said = texts.say(key, "en", reference="AB12")
        assert said
        assert "{" not in said
