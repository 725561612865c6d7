"""The examples in the documentation are run as they stand there."""

import re
from pathlib import Path

from ladderkeeper.testing import Stage, eventually

VIEWS = Path(__file__).parents[1] / "docs" / "plugins" / "views.md"


def write_examples(folder: Path) -> None:
    """Each example is a plugin; it says its own name."""
    for code in re.findall(r"```python\n(.*?)```", VIEWS.read_text(encoding="utf-8"), re.DOTALL):
        name = re.search(r'    name = "(\w+)"\n    summary', code)
        assert name is not None
        (folder / name[1]).mkdir()
        (folder / name[1] / "__init__.py").write_text(code, encoding="utf-8")


async def test_the_examples_of_views(tmp_path: Path) -> None:
    examples = tmp_path / "examples"
    examples.mkdir()
    write_examples(examples)
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with Stage.set_up(tmp_path, url, enabled=["poll", "reset"], folders=[examples]) as stage:
        ann, ben = await stage.persona("Ann"), await stage.persona("Ben")

        await ann.slash("poll")
        await ben.press("Yes")
        assert (await ben.press("No")).text == "You have voted already."
        await ann.press("No")
        await ann.sees("yes 1, no 1")
        await ann.slash("endpoll")
        await eventually(lambda: stage.app.views.stats().open_total == 0)
        await stage.settled()
        assert not (await ben.sees("yes 1, no 1")).buttons

        await ann.slash("reset")
        await ann.press("Yes, reset it")
        await ann.sees("It is reset.")
        await eventually(lambda: stage.app.views.stats().open_total == 0)
        await stage.settled()
        assert not (await ann.sees("It is reset.")).buttons
