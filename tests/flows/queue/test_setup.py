"""Players say who they are, and whoever has not is led there."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import Acknowledgement, Player
from sandbox import Persona
from sandbox.results import Message
from tests.flows.conftest import SLOW_WAVES, set_stage

TERMS, GUIDE = "https://ladder.example/terms", "https://ladder.example/guide"

ALL = {"name": "Nova", "account": "Nova#123", "country": "DE", "region": "EUW"}
"""What the modal asks for."""

SET_UP = {"account": "Nova#123", "country": "Germany", "region": "EUW"}


@pytest.fixture
async def alice(stage: Stage) -> Persona:
    """Somebody whom the ladder does not know."""
    return await stage.persona("Alice")


@pytest.fixture
async def bob(stage: Stage) -> Persona:
    return await stage.persona("Bob")


@pytest.fixture
async def strict(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """A ladder with terms and a guide."""
    asked = SLOW_WAVES | {"terms_url": TERMS, "guide_url": GUIDE}
    async with set_stage(tmp_path, database_url, sections={"queue": asked}) as stage:
        yield stage


async def player(persona: Persona) -> Player:
    return await Player.get(discord_id=int(persona.id))


def labels(message: Message) -> list[str]:
    return [button.label for button in message.buttons]


# ------------------------------------------------------------------------------ /setup


async def test_setting_up_by_options(alice: Persona) -> None:
    done = await alice.slash("setup", ALL)

    assert done.message is not None
    assert done.message.ephemeral
    assert "Ladder name: **Nova**" in done.text
    assert "In the game: **Nova#123**" in done.text
    assert "🇩🇪 Germany" in done.text
    assert "Region: Europe, west" in done.text
    kept = await player(alice)
    assert (kept.name, kept.account, kept.country, kept.region) == tuple(ALL.values())


async def test_setting_up_by_modal(alice: Persona) -> None:
    opened = await alice.slash("setup")
    assert opened.modal is not None
    fields = {field.label: field.value for field in opened.modal.fields}
    assert fields == {"Ladder name": "Alice", "Name in the game": "", "Country": "", "Region": ""}

    done = await alice.submit(account="Nova#123", country="deu", region="EUW")

    assert "Ladder name: **Alice**" in done.text
    assert "🇩🇪 Germany" in done.text
    assert (await player(alice)).region == "EUW"


async def test_what_is_left_out_stays(alice: Persona) -> None:
    await alice.slash("setup", ALL)

    changed = await alice.slash("setup", country="Austria")
    assert "Nova#123" in changed.text
    assert "🇦🇹 Austria" in changed.text

    opened = await alice.slash("setup")
    assert opened.modal is not None
    assert [field.value for field in opened.modal.fields][:3] == ["Nova", "Nova#123", "Austria"]
    await alice.submit(account="Nova#9")
    kept = await player(alice)
    assert (kept.name, kept.account, kept.country, kept.region) == ("Nova", "Nova#9", "AT", "EUW")


async def test_the_modal_asks_for_what_the_options_left_open(alice: Persona) -> None:
    opened = await alice.slash("setup", account="Nova#123")

    assert opened.modal is not None
    assert [field.value for field in opened.modal.fields][:2] == ["Alice", "Nova#123"]
    assert (await player(alice)).account == "Nova#123"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"country": "Germny"}, "There is no country named Germny. Did you mean one of these: Ger"),
        ({"country": "Korea"}, "Did you mean one of these: North Korea, South Korea?"),
        ({"country": "Atlantis"}, "Write its English name or its code"),
        (
            {"region": "Moon"},
            "these: North America, west; North America, centre; North America, east; ",
        ),
        ({"name": "x" * 33}, "A ladder name has at most 32 characters; yours has 33."),
        ({"name": "\u200b \u2060"}, "A ladder name needs at least one letter"),
        ({"account": "x" * 65}, "has at most 64 characters; yours has 65."),
    ],
)
async def test_what_cannot_be_kept(alice: Persona, options: dict[str, str], sentence: str) -> None:
    await alice.slash("setup", ALL)

    refused = await alice.slash("setup", {"account": "changed", **options})

    assert sentence in refused.text
    assert "\n" not in refused.text
    assert (await player(alice)).account == "Nova#123"


async def test_a_region_by_its_name(alice: Persona) -> None:
    await alice.slash("setup", ALL)

    assert "Korea, Japan" in (await alice.slash("setup", region="korea, japan")).text


async def test_a_name_that_somebody_has(alice: Persona, bob: Persona) -> None:
    await alice.slash("setup", ALL)

    refused = await bob.slash("setup", ALL | {"name": "nova"})

    assert refused.text == "Somebody else is called nova already. Choose another ladder name."
    assert "**Nova**" in (await alice.slash("setup", name="Nova")).text


async def test_a_name_wanted_by_two_at_once(alice: Persona, bob: Persona) -> None:
    both = await asyncio.gather(alice.slash("setup", ALL), bob.slash("setup", ALL))

    assert sum("already" in exchange.text for exchange in both) == 1
    assert await Player.filter(name="Nova").count() == 1


async def test_a_newcomer_whose_name_is_taken_gets_a_number(stage: Stage, alice: Persona) -> None:
    await alice.slash("setup", ALL | {"name": "Bob"})
    bob = await stage.persona("Bob")

    await bob.slash("setup")

    name = (await player(bob)).name
    assert name.startswith("Bob ")
    assert name.removeprefix("Bob ").isdigit()


async def test_a_mistake_in_the_modal_is_mended_where_it_was_made(
    stage: Stage, alice: Persona
) -> None:
    await alice.slash("setup")
    wrong = await alice.submit(account="Nova#123", country="Germny", region="EUW")
    assert wrong.text.startswith("There is no country named Germny.")
    assert "\n" not in wrong.text
    assert (await player(alice)).account is None

    again = await alice.press("Try again")
    assert again.modal is not None
    values = [field.value for field in again.modal.fields]
    assert values[:3] == ["Alice", "Nova#123", "Germny"]
    wrong = await alice.submit(country="Atlantis")
    assert wrong.text.startswith("There is no country named Atlantis.")

    await alice.press("Try again")
    done = await alice.submit(country="Germany")

    assert "🇩🇪 Germany" in done.text
    assert not done.message or not done.message.components
    assert len(await alice.messages()) == 1
    assert (await player(alice)).region == "EUW"
    await eventually(lambda: stage.app.views.stats().open_total == 0)


async def test_a_modal_that_was_closed_leaves_nothing(stage: Stage, alice: Persona) -> None:
    await alice.slash("setup")
    await alice.submit(account="Nova#123", country="Germny", region="EUW")
    await alice.press("Try again")
    await eventually(lambda: stage.app.views.stats().open_total == 1)

    await stage.advance(14 * 60 + 1)

    await eventually(lambda: stage.app.views.stats().open_total == 0)
    await stage.settled()
    assert not (await alice.sees("Germny")).components
    await stage.advance(61)
    assert stage.app.views.leaks.check() == 0


async def test_countries_are_completed(alice: Persona) -> None:
    by_name = await alice.autocomplete("setup", "country", "germ")
    by_code = await alice.autocomplete("setup", "country", "AUT")
    everything = await alice.autocomplete("setup", "country", "")

    assert by_name[0] == {"name": "🇩🇪 Germany", "value": "DE"}
    assert by_code[0]["value"] == "AT"
    assert len(everything) == 25


async def test_regions_are_completed(alice: Persona) -> None:
    choices = await alice.autocomplete("setup", "region", "europe")

    assert [choice["value"] for choice in choices] == ["EUW", "EUE"]


async def test_what_players_write_can_neither_ping_nor_format(alice: Persona) -> None:
    done = await alice.slash("setup", ALL | {"name": "**@everyone**", "account": "`a`\n# b"})

    assert "@everyone" not in done.text
    assert "\\`a\\` # b" in done.text
    assert "**@" not in done.text.replace("Ladder name: **", "")
    assert (await player(alice)).account == "`a` # b"


async def test_the_room_is_shown_where_there_is_a_choice(tmp_path: Path, database_url: str) -> None:
    sections = {"queue": SLOW_WAVES | {"room": "dm"}}
    async with set_stage(tmp_path, database_url, sections=sections) as stage:
        alice = await stage.persona("Alice")
        assert "Matches by: a thread" in (await alice.slash("setup", ALL)).text

        assert "Matches by: direct messages" in (await alice.slash("setup", room="dm")).text
        assert (await player(alice)).room == "dm"


# ------------------------------------------------------------------------------ before joining


async def test_whoever_has_done_nothing_is_led_to_the_end(strict: Stage) -> None:
    alice = await strict.persona("Alice")
    told = await alice.slash("queue join")

    assert told.message is not None
    assert told.message.ephemeral
    assert "Before you can play on Ladder" in told.text
    assert told.text.count("⬜") == 3
    assert labels(told.message) == [
        *("Set up", "Terms", "I agree to the terms", "Guide", "I have read the guide")
    ]
    assert {button.url for button in told.message.buttons} == {None, TERMS, GUIDE}

    agreed = await alice.press("I agree to the terms")
    assert (agreed.text.count("✅"), agreed.text.count("⬜")) == (1, 2)
    assert agreed.message is not None
    assert labels(agreed.message) == ["Set up", "Guide", "I have read the guide"]

    opened = await alice.press("Set up")
    assert opened.modal is not None
    set_up = await alice.submit(SET_UP)
    assert set_up.text.count("✅") == 2
    assert set_up.message is not None
    assert labels(set_up.message) == ["Guide", "I have read the guide"]

    await alice.press("I have read the guide")

    assert not (await alice.sees("All done: you can play on **Ladder**.")).components
    first, *_ = await alice.messages()
    assert first.id == told.message.id
    await goes_on(alice)
    links = await Acknowledgement.filter(player_id=(await player(alice)).id)
    assert {row.link for row in links} == {TERMS, GUIDE}


async def test_the_last_step_may_be_the_modal(alice: Persona) -> None:
    await alice.slash("queue join")
    await alice.press("Set up")
    wrong = await alice.submit({**SET_UP, "country": "Germny"})
    assert wrong.text.startswith("There is no country named Germny.")
    assert "Before you can play" in wrong.text

    again = await alice.press("Try again")
    assert again.modal is not None
    assert [field.value for field in again.modal.fields][:3] == ["Alice", "Nova#123", "Germny"]
    await alice.submit(country="DE")

    await alice.sees("All done")
    await goes_on(alice)


async def test_whoever_is_set_up_goes_on_at_once(alice: Persona) -> None:
    await alice.slash("setup", ALL)

    joined = await alice.slash("queue join")

    assert "Before you can play" not in joined.text
    await goes_on(alice)


async def test_what_was_done_elsewhere_counts(strict: Stage) -> None:
    alice = await strict.persona("Alice")
    await alice.slash("queue join")
    await alice.slash("setup", ALL)

    agreed = await alice.press("I agree to the terms")

    assert agreed.text.count("✅") == 2


async def test_new_terms_are_asked_for_anew(strict: Stage) -> None:
    alice = await strict.persona("Alice")
    await alice.slash("setup", ALL)
    known = (await player(alice)).id
    await Acknowledgement.create(player_id=known, link=GUIDE, at=strict.clock.now())
    await Acknowledgement.create(player_id=known, link=f"{TERMS}/old", at=strict.clock.now())

    told = await alice.slash("queue join")

    assert told.message is not None
    assert labels(told.message) == ["Terms", "I agree to the terms"]


async def test_a_region_that_is_no_more_is_asked_for_anew(alice: Persona) -> None:
    await alice.slash("setup", ALL)
    await Player.filter(discord_id=int(alice.id)).update(region="OLD")

    told = await alice.slash("queue join")

    assert told.message is not None
    assert labels(told.message) == ["Set up"]


async def test_it_ends_with_the_bot(stage: Stage, alice: Persona) -> None:
    await alice.slash("queue join")
    await alice.press("Set up")

    await stage.stop()
    await stage.start()

    assert not (await alice.sees("Before you can play")).components
    assert not (await alice.submit(SET_UP, wait=False)).acknowledged
    assert (await player(alice)).account is None
    assert "Before you can play" in (await alice.slash("queue join")).text


async def test_the_modal_ends_with_the_plugin(stage: Stage, alice: Persona) -> None:
    await alice.slash("queue join")
    await alice.press("Set up")
    config = stage.config()
    none = config.plugins.model_copy(update={"enabled": ()})

    await stage.app.host.apply(config.model_copy(update={"plugins": none}))

    assert not (await alice.submit(SET_UP, wait=False)).acknowledged
    assert stage.app.views.stats().open_total == 0
    assert (await player(alice)).account is None
    await stage.settled()
    assert not (await alice.sees("Before you can play")).components


async def goes_on(persona: Persona) -> None:
    """The player is shown what `/queue join` leads to."""
    await persona.sees("choose what you would play")
