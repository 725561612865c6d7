"""A modal, as a bot opens it. Limits are from Discord's "Component Reference"."""

from sandbox.validation.component_type import SELECTS, ComponentType
from sandbox.validation.controls import MOST_CUSTOM_ID, ControlReader
from sandbox.validation.form import Form, Path
from sandbox.wire import JsonObject, is_flag, is_integer

__all__ = ["read_modal"]

MOST_TITLE = 45
MOST_LABEL = 45
MOST_ROWS = 5
IN_LABEL = (3, 4, 5, 6, 7, 8, 19, 21, 22, 23)


def read_modal(form: Form, body: JsonObject) -> JsonObject:
    """The ``data`` of a modal callback, checked, with ids given to its components."""
    path: Path = ("data",)
    modal: JsonObject = {
        "custom_id": form.text(
            body, "custom_id", path, least=1, most=MOST_CUSTOM_ID, required=True
        ),
        "title": form.text(body, "title", path, least=1, most=MOST_TITLE, required=True),
    }
    values = form.array(body, "components", path, least=1, most=MOST_ROWS) or []
    controls = ControlReader(form)
    controls.claim_ids(values)
    modal["components"] = [
        _read_row(controls, value, (*path, "components", index))
        for index, value in enumerate(values)
    ]
    return modal


def _read_row(controls: ControlReader, value: object, path: Path) -> JsonObject:
    form = controls.form
    raw = form.mapping(value, path) or {}
    kind = raw.get("type")
    if kind not in (ComponentType.ACTION_ROW, ComponentType.LABEL, ComponentType.TEXT_DISPLAY):
        form.choices((*path, "type"), (1, 10, 18))
        return {}
    row = controls.head(raw, kind)
    if kind == ComponentType.TEXT_DISPLAY:
        row["content"] = form.text(raw, "content", path, least=1, most=4000, required=True)
    elif kind == ComponentType.LABEL:
        row["label"] = form.text(raw, "label", path, least=1, most=MOST_LABEL, required=True)
        if description := form.text(raw, "description", path, most=100):
            row["description"] = description
        row["component"] = _read_field(controls, raw.get("component"), (*path, "component"))
    else:
        inner = form.array(raw, "components", path, least=1, most=1) or []
        row["components"] = [
            _read_field(controls, child, (*path, "components", index), in_row=True)
            for index, child in enumerate(inner)
        ]
    return row


def _read_field(
    controls: ControlReader, value: object, path: Path, *, in_row: bool = False
) -> JsonObject:
    form = controls.form
    raw = form.mapping(value, path) or {}
    kind = raw.get("type")
    allowed = (ComponentType.TEXT_INPUT,) if in_row else IN_LABEL
    if not is_integer(kind) or kind not in allowed:
        form.choices((*path, "type"), allowed)
        return {}
    if kind == ComponentType.TEXT_INPUT:
        return _read_text_input(controls, raw, path, in_row=in_row)
    if kind in SELECTS:
        field = controls.select(raw, kind, path)
    else:
        field = controls.head(raw, kind)
        field["custom_id"] = controls.custom_id(raw, path)
        for key in ("min_values", "max_values"):
            if (number := form.integer(raw, key, path, least=0, most=25)) is not None:
                field[key] = number
        if kind in (ComponentType.RADIO_GROUP, ComponentType.CHECKBOX_GROUP):
            field["options"] = form.array(raw, "options", path, least=1, most=10)
    field["required"] = raw.get("required") is not False
    return field


def _read_text_input(
    controls: ControlReader, raw: JsonObject, path: Path, *, in_row: bool
) -> JsonObject:
    form = controls.form
    field = controls.head(raw, ComponentType.TEXT_INPUT)
    field["custom_id"] = controls.custom_id(raw, path)
    field["style"] = form.integer(raw, "style", path, least=1, most=2)
    if raw.get("style") is None:
        form.required((*path, "style"))
    label = form.text(raw, "label", path, least=1 if in_row else 0, most=45, required=in_row)
    if label is not None:
        field["label"] = label
    field["min_length"] = form.integer(raw, "min_length", path, least=0, most=4000) or 0
    field["max_length"] = form.integer(raw, "max_length", path, least=1, most=4000) or 4000
    for key, most in (("value", 4000), ("placeholder", 100)):
        if (text := form.text(raw, key, path, most=most)) is not None:
            field[key] = text
    required = raw.get("required")
    field["required"] = required if is_flag(required) else True
    return field
