"""The bot does not start on a disnake that lacks what it was written for."""

import re
from pathlib import Path
from typing import Any

import disnake
import pytest

from core.disnake_private import check
from core.errors import LadderkeeperError
from tests.flows.conftest import set_stage


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (disnake.ui.View, "_start_listening_from_store"),
        (disnake.Client, "_schedule_event"),
        (disnake.ui.view.ViewStore, "update_from_message"),
        (disnake.ui.modal.ModalStore, "dispatch"),
    ],
)
def test_a_private_name_of_disnake_is_gone(
    owner: type, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check()
    monkeypatch.delattr(owner, name)

    with pytest.raises(LadderkeeperError) as told:
        check()

    assert re.fullmatch(
        rf"disnake 2\.12\.2 lacks {owner.__name__}\.{name}: Ladderkeeper was written for disnake"
        r" 2\.12\.2\. Install that version\.",
        str(told.value),
    )


def test_a_private_attribute_of_disnake_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def __init__(self: Any, client: Any) -> None:  # noqa: N807
        self._waiting = client

    monkeypatch.setattr(disnake.Client, "__init__", __init__)

    with pytest.raises(LadderkeeperError, match=r"lacks Client\._connection, Client\._listeners: "):
        check()


async def test_the_bot_does_not_start_without_a_private_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with set_stage(tmp_path, url, start=False) as stage:
        monkeypatch.delattr(disnake.ui.View, "_dispatch_item")

        with pytest.raises(LadderkeeperError, match=r"lacks View\._dispatch_item"):
            await stage.start()
