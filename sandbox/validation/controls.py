"""The components a person uses, in messages and in modals alike: buttons and selects."""

from sandbox.validation.component_type import ComponentType
from sandbox.validation.form import Form, Path
from sandbox.wire import JsonObject, is_flag, is_object

__all__ = ["MOST_CUSTOM_ID", "MOST_OPTIONS", "ControlReader"]

MOST_CUSTOM_ID = 100
MOST_LABEL = 80
MOST_OPTIONS = 25
LINK, PREMIUM = 5, 6
DEFAULT_TYPES = {5: ("user",), 6: ("role",), 7: ("user", "role"), 8: ("channel",)}


class ControlReader:
    """Reads them for one message or modal, within which ids and custom ids are unique."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()
        self._next_id = 1
        self.count = 0

    def claim_ids(self, components: list[object]) -> None:
        """Note the ids given, so that those made up do not collide with them."""
        for component in components:
            if not is_object(component):
                continue
            given = component.get("id")
            if isinstance(given, int) and given > 0:
                self._ids.add(given)
            for key in ("components", "accessory", "component"):
                inner = component.get(key)
                self.claim_ids(inner if isinstance(inner, list) else [inner])  # pyright: ignore[reportUnknownArgumentType]

    def head(self, raw: JsonObject, kind: int) -> JsonObject:
        """Type and id, with which every component begins."""
        self.count += 1
        given = raw.get("id")
        if isinstance(given, int) and given > 0:
            return {"type": kind, "id": given}
        while self._next_id in self._ids:
            self._next_id += 1
        self._ids.add(self._next_id)
        return {"type": kind, "id": self._next_id}

    def custom_id(self, raw: JsonObject, path: Path) -> str:
        form = self.form
        found = form.text(raw, "custom_id", path, least=1, most=MOST_CUSTOM_ID, required=True) or ""
        if found and found in self._custom_ids:
            message = "Component custom id cannot be duplicated"
            form.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        self._custom_ids.add(found)
        return found

    def button(self, raw: JsonObject, path: Path) -> JsonObject:
        form = self.form
        button = self.head(raw, ComponentType.BUTTON)
        style = form.integer(raw, "style", path, least=1, most=6)
        if raw.get("style") is None:
            form.required((*path, "style"))
        button["style"] = style
        label = form.text(raw, "label", path, most=MOST_LABEL)
        emoji = self._emoji(raw)
        if style == LINK:
            url = form.url(raw, "url", path, most=512)
            if url is None:
                form.required((*path, "url"))
            if raw.get("custom_id") is not None:
                message = "A custom id and url cannot both be specified"
                form.add((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY", message)
            button["url"] = url
        elif style == PREMIUM:
            button["sku_id"] = form.snowflake(raw, "sku_id", path)
        else:
            button["custom_id"] = self.custom_id(raw, path)
        if not label and not emoji and style != PREMIUM:
            message = "A label or emoji must be specified"
            form.add((*path, "label"), "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", message)
        if label:
            button["label"] = label
        if emoji:
            button["emoji"] = emoji
        if form.flag(raw, "disabled", path):
            button["disabled"] = True
        return button

    def select(self, raw: JsonObject, kind: int, path: Path) -> JsonObject:
        form = self.form
        select = self.head(raw, kind)
        select["custom_id"] = self.custom_id(raw, path)
        if placeholder := form.text(raw, "placeholder", path, most=150):
            select["placeholder"] = placeholder
        least = form.integer(raw, "min_values", path, least=0, most=25)
        most = form.integer(raw, "max_values", path, least=1, most=25)
        select["min_values"] = 1 if least is None else least
        select["max_values"] = 1 if most is None else most
        if form.flag(raw, "disabled", path):
            select["disabled"] = True
        if kind == ComponentType.STRING_SELECT:
            select["options"] = self._options(raw, path)
            if select["max_values"] > len(select["options"]) > 0:
                message = f"Must be {len(select['options'])} or fewer in length."
                form.add((*path, "max_values"), "BASE_TYPE_MAX_LENGTH", message)
        else:
            self._defaults(raw, kind, path, select)
        if kind == ComponentType.CHANNEL_SELECT:
            types = form.array(raw, "channel_types", path, most=25)
            if types:
                select["channel_types"] = types
        return select

    def _defaults(self, raw: JsonObject, kind: int, path: Path, select: JsonObject) -> None:
        values = self.form.array(raw, "default_values", path, most=25)
        defaults: list[JsonObject] = []
        for index, value in enumerate(values or []):
            there = (*path, "default_values", index)
            default = self.form.mapping(value, there) or {}
            if default.get("type") not in DEFAULT_TYPES[kind]:
                self.form.choices((*there, "type"), DEFAULT_TYPES[kind])
            found = self.form.snowflake(default, "id", there)
            defaults.append({"type": default.get("type"), "id": found})
        if defaults:
            select["default_values"] = defaults

    def _options(self, raw: JsonObject, path: Path) -> list[JsonObject]:
        form = self.form
        options: list[JsonObject] = []
        seen: set[str] = set()
        values = form.array(raw, "options", path, least=1, most=MOST_OPTIONS)
        for index, value in enumerate(values or []):
            there = (*path, "options", index)
            given = form.mapping(value, there) or {}
            option: JsonObject = {
                "label": form.text(given, "label", there, least=1, most=100, required=True),
                "value": form.text(given, "value", there, least=1, most=100, required=True),
            }
            if option["value"] in seen:
                message = "The specified option value is already used"
                form.add((*there, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
            seen.add(str(option["value"]))
            if description := form.text(given, "description", there, most=100):
                option["description"] = description
            if emoji := self._emoji(given):
                option["emoji"] = emoji
            if is_flag(given.get("default")) and given["default"]:
                option["default"] = True
            options.append(option)
        return options

    def _emoji(self, raw: JsonObject) -> JsonObject | None:
        emoji = raw.get("emoji")
        if not is_object(emoji) or not (emoji.get("name") or emoji.get("id")):
            return None
        shown: JsonObject = {"name": emoji.get("name") or ""}
        if emoji.get("id"):
            shown |= {"id": str(emoji["id"]), "animated": bool(emoji.get("animated"))}
        return shown
