"""The components of a message, legacy rows and Components V2.

Limits are from Discord's "Component Reference": without the V2 flag five rows; with it forty
components in all and 4,000 characters of text.
"""

from sandbox.validation.component_type import SELECTS, ComponentType
from sandbox.validation.controls import ControlReader
from sandbox.validation.form import Form, Path
from sandbox.wire import JsonObject

__all__ = ["MOST_COMPONENTS", "MOST_ROWS", "read_components"]

MOST_ROWS = 5
MOST_BUTTONS_A_ROW = 5
MOST_COMPONENTS = 40
MOST_TEXT = 4_000

TOP_V1 = (1,)
TOP_V2 = (1, 9, 10, 12, 13, 14, 17)
IN_CONTAINER = (1, 9, 10, 12, 13, 14)
IN_ROW = (2, 3, 5, 6, 7, 8)


def read_components(form: Form, body: JsonObject, *, v2: bool) -> list[JsonObject]:
    """The components of a message body, as the API shows them: with ids, and defaults filled in.

    Media keep the url they were given; whoever stores the attachments resolves them.
    """
    values = form.array(body, "components", (), most=MOST_COMPONENTS if v2 else MOST_ROWS) or []
    reader = _Reader(form, v2=v2)
    reader.controls.claim_ids(values)
    return reader.children(values, ("components",), TOP_V2 if v2 else TOP_V1, check=True)


class _Reader:
    def __init__(self, form: Form, *, v2: bool) -> None:
        self.form = form
        self.controls = ControlReader(form)
        self.v2 = v2
        self.text = 0

    def children(
        self, values: list[object], path: Path, allowed: tuple[int, ...], *, check: bool = False
    ) -> list[JsonObject]:
        found = [self.child(value, (*path, index), allowed) for index, value in enumerate(values)]
        if check and self.v2:
            if self.controls.count > MOST_COMPONENTS:
                message = f"Must be {MOST_COMPONENTS} or fewer in length."
                self.form.add(path, "BASE_TYPE_MAX_LENGTH", message)
            if self.text > MOST_TEXT:
                message = f"The total displayable text exceeds the maximum size of {MOST_TEXT}"
                self.form.add(path, "COMPONENT_MAX_TOTAL_TEXT_SIZE_EXCEEDED", message)
        return [component for component in found if component]

    def child(self, value: object, path: Path, allowed: tuple[int, ...]) -> JsonObject:
        raw = self.form.mapping(value, path)
        if raw is None:
            return {}
        kind = raw.get("type")
        if kind is None:
            self.form.required((*path, "type"))
            return {}
        if kind not in allowed:
            self.form.choices((*path, "type"), allowed)
            return {}
        if kind == ComponentType.BUTTON:
            return self.controls.button(raw, path)
        if kind in SELECTS:
            return self.controls.select(raw, kind, path)
        return self._layout(raw, kind, path)

    def _layout(self, raw: JsonObject, kind: int, path: Path) -> JsonObject:
        form = self.form
        component = self.controls.head(raw, kind)
        if kind == ComponentType.ACTION_ROW:
            self._row(raw, path, component)
        elif kind == ComponentType.TEXT_DISPLAY:
            content = form.text(raw, "content", path, least=1, most=MOST_TEXT, required=True) or ""
            self.text += len(content)
            component["content"] = content
        elif kind == ComponentType.SECTION:
            inner = form.array(raw, "components", path, least=1, most=3) or []
            component["components"] = self.children(inner, (*path, "components"), (10,))
            if raw.get("accessory") is None:
                form.required((*path, "accessory"))
            else:
                there = (*path, "accessory")
                component["accessory"] = self.child(raw["accessory"], there, (2, 11))
        elif kind == ComponentType.CONTAINER:
            inner = form.array(raw, "components", path, least=1, most=MOST_COMPONENTS) or []
            component["accent_color"] = form.integer(
                raw, "accent_color", path, least=0, most=0xFFFFFF
            )
            component["spoiler"] = bool(form.flag(raw, "spoiler", path))
            component["components"] = self.children(inner, (*path, "components"), IN_CONTAINER)
        elif kind == ComponentType.SEPARATOR:
            spacing = form.integer(raw, "spacing", path, least=1, most=2)
            divider = form.flag(raw, "divider", path)
            component["spacing"] = spacing or 1
            component["divider"] = True if divider is None else divider
        else:
            self._media(raw, kind, path, component)
        return component

    def _row(self, raw: JsonObject, path: Path, row: JsonObject) -> None:
        there = (*path, "components")
        inner = self.form.array(raw, "components", path, least=1, most=MOST_BUTTONS_A_ROW) or []
        row["components"] = self.children(inner, there, IN_ROW)
        selects = sum(child["type"] in SELECTS for child in row["components"])
        if selects and len(row["components"]) > 1:
            message = "The specified component exceeds the maximum width"
            self.form.add(there, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)

    def _media(self, raw: JsonObject, kind: int, path: Path, component: JsonObject) -> None:
        form = self.form
        if kind == ComponentType.MEDIA_GALLERY:
            items: list[JsonObject] = []
            values = form.array(raw, "items", path, least=1, most=10) or []
            for index, value in enumerate(values):
                there = (*path, "items", index)
                item = form.mapping(value, there) or {}
                items.append(
                    {
                        "media": self._url(item, "media", there),
                        "description": form.text(item, "description", there, most=1024),
                        "spoiler": bool(form.flag(item, "spoiler", there)),
                    }
                )
            component["items"] = items
            return
        component["spoiler"] = bool(form.flag(raw, "spoiler", path))
        if kind == ComponentType.FILE:
            component |= {"file": self._url(raw, "file", path), "name": None, "size": None}
        else:
            component["media"] = self._url(raw, "media", path)
            component["description"] = form.text(raw, "description", path, most=1024)

    def _url(self, raw: JsonObject, key: str, path: Path) -> JsonObject:
        media = self.form.mapping(raw.get(key), (*path, key)) or {}
        url = self.form.url(media, "url", (*path, key))
        if url is None and media:
            self.form.required((*path, key, "url"))
        return {"url": url or ""}
