"""The lines that make, fill and save an object; shared by the rules that write rows."""

import ast
from collections.abc import Iterator, Sequence

from codemods.analysis.tree import OBJECTS
from codemods.model import Item
from codemods.rules.base import FileContext, Finding, variable_for
from codemods.syntax.render import assignment_lines, call_lines, one_line

BORROWED_ID = "the {key} only says which row: save() writes what is set from here on"


def free_name(context: FileContext, node: ast.AST, object_name: str) -> str:
    """A local name for the object that the function does not use yet."""
    function = context.function(node)
    taken = set(function.parameters) if function is not None else set()
    if function is not None:
        taken |= {n.id for n in ast.walk(function.node) if isinstance(n, ast.Name)}
    taken |= set(context.module.imports)
    # and the names under which objects will be imported
    taken |= {context.tree.spelling(one)[0].partition(".")[0] for one in OBJECTS}
    name = variable_for(object_name)
    for candidate in (name, f"{name}_obj", f"db_{name}"):
        if candidate not in taken:
            return candidate
    return f"new_{name}"


def operand(node: ast.expr, text: str) -> str:
    """The text of an expression, so that an attribute or a subscript may follow."""
    whole = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Dict, ast.List)
    return text if isinstance(node, whole) else f"({text})"


def constructor(context: FileContext, object_name: str, security: str | None) -> str:
    """The call that makes an empty object, in the style of the tree."""
    spelled, _ = context.tree.spelling(object_name)
    found = context.tree.object(object_name)
    takes = found is not None and found.takes_context
    return f"{spelled}({'' if takes or security is None else security})"


def method_lines(
    context: FileContext,
    indent: str,
    name: str,
    method: str,
    security: str,
    object_name: str,
    extra: Sequence[str] = (),
) -> list[str]:
    """The lines of `name.save(context)`, without the context where the tree wants none."""
    found = context.tree.object(object_name)
    arguments = [security] if found is not None and found.takes_context else []
    arguments += extra
    return call_lines(f"{indent}{name}.{method}", arguments, "", indent)


def row_by_id(
    context: FileContext,
    indent: str,
    name: str,
    object_name: str,
    key: str,
    value: str,
    security: str,
) -> list[str]:
    """The lines that make an object which stands for the row with that id, unchanged."""
    made = constructor(context, object_name, security)
    comment = f"{indent}# {BORROWED_ID.format(key=key)}"
    if context.tree.constructor_takes_fields:
        inside = made[made.index("(") + 1 : -1]
        arguments = [*filter(None, [inside]), f"{key}={value}"]
        head = f"{indent}{name} = {made[: made.index('(')]}"
        lines = call_lines(head, arguments, "", indent)
    else:
        lines = [f"{indent}{name} = {made}", f"{indent}{name}.{key} = {value}"]
    return [*lines, *wrapped_comment(comment, indent), f"{indent}{name}.obj_reset_changes()"]


def wrapped_comment(comment: str, indent: str) -> list[str]:
    """A comment in lines of 79 columns."""
    words, lines = comment.split("# ", 1)[1].split(), []
    line = f"{indent}#"
    for word in words:
        if len(line) + 1 + len(word) > 79:
            lines.append(line)
            line = f"{indent}#"
        line += f" {word}"
    return [*lines, line]


def update_lines(
    context: FileContext, indent: str, name: str, values: str, needs_copy: bool
) -> list[str]:
    """The lines that set the object's fields from a dict that somebody else holds."""
    if needs_copy:
        # an object turns the values of a dict field into text in place
        values = f"copy.deepcopy({values})"
    return call_lines(f"{indent}{name}.update", [values], "", indent)


def attribute_lines(
    context: FileContext,
    indent: str,
    name: str,
    pairs: tuple[tuple[str, ast.expr], ...],
    object_name: str,
) -> list[str]:
    """The lines that set the fields one by one."""
    lines: list[str] = []
    for key, value in pairs:
        text = one_line(context.text(value))
        if _is_changed(context, object_name, key, value):
            text = f"copy.deepcopy({text})"
        lines += assignment_lines(indent, f"{name}.{key}", text)
    return lines


def _is_changed(context: FileContext, object_name: str, key: str, value: ast.expr) -> bool:
    """Whether the object would turn the values of somebody else's dict into text."""
    is_dict = "Dict" in context.tree.field_kind(object_name, key)
    return is_dict and not isinstance(value, ast.Dict)


def imports(
    context: FileContext, object_name: str, item: Item, needs_copy: bool
) -> Iterator[Finding]:
    """The imports that the new lines need."""
    _, line = context.tree.spelling(object_name)
    yield context.wants_import(line, item)
    if needs_copy:
        yield context.wants_import("import copy", item)
