"""Print, as JSON, the arguments that a Python script takes. It is read, never run.

    python -I -S script_arguments.py train.py

Understood are calls of argparse's add_argument, the decorators option and argument of click, and typer: its Option and
Argument, and the parameters of functions that are a command. What is computed (a default that is a call, say) is left out.
"""

import ast
import json
import sys


def main(path):
    with open(path, "rb") as file:
        tree = ast.parse(file.read(), path)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = called(node)
            if name == "add_argument":
                found.append(from_argparse(node))
        if isinstance(node, ast.FunctionDef):
            click = [one for one in map(from_click, node.decorator_list) if one]
            if click:
                # Decorators are applied from the last to the first, and click shows them in the order written.
                found.extend(click)
            elif is_typer_command(node, tree):
                found.extend(from_typer(node))
    seen = set()
    result = []
    for one in found:
        if one and one["name"] not in seen and one["name"] not in ("--help", "--version"):
            seen.add(one["name"])
            result.append(one)
    json.dump(result, sys.stdout)


def called(call):
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)


def constant(node):
    """The value of a literal; None for what is computed."""
    if node is None:
        return None
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def keywords(call):
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def type_name(node):
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call):
        return called(node)
    if isinstance(node, ast.Subscript):  # Optional[int]
        return type_name(node.slice)
    return None


def text(value):
    if value is None or isinstance(value, (dict, set)):
        return None
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return str(value)


def argument(name, kind=None, default=None, choices=None, help=None, required=False, is_flag=False):
    if is_flag:
        what = "flag"
    elif choices:
        what = "choice"
    elif kind in ("int", "float", "FloatRange", "IntRange", "INT", "FLOAT") or (
        kind is None and isinstance(default, (int, float)) and not isinstance(default, bool)
    ):
        what = "number"
    else:
        what = "text"
    return {
        "name": name,
        "kind": what,
        "default": None if is_flag else text(default),
        "choices": [str(choice) for choice in choices or []],
        "help": help if isinstance(help, str) else None,
        "isRequired": bool(required),
    }


def longest(names):
    options = [name for name in names if name.startswith("-")]
    return max(options or names, key=len) if names else None


def from_argparse(call):
    names = [name for name in map(constant, call.args) if isinstance(name, str)]
    name = longest(names)
    if name is None:
        return None
    given = keywords(call)
    action = constant(given.get("action")) or type_name(given.get("action"))
    choices = constant(given.get("choices"))
    positional = not name.startswith("-")
    return argument(
        name,
        kind=type_name(given.get("type")),
        default=constant(given.get("default")),
        choices=list(choices) if isinstance(choices, (list, tuple, set, range)) else None,
        help=constant(given.get("help")),
        required=constant(given.get("required"))
        or (positional and constant(given.get("nargs")) not in ("?", "*") and "default" not in given),
        is_flag=action in ("store_true", "store_false", "BooleanOptionalAction", "count"),
    )


def from_click(decorator):
    if not isinstance(decorator, ast.Call) or called(decorator) not in ("option", "argument"):
        return None
    names = [name for name in map(constant, decorator.args) if isinstance(name, str)]
    name = longest(names)
    if name is None:
        return None
    is_option = called(decorator) == "option"
    given = keywords(decorator)
    kind = given.get("type")
    choices = constant(kind.args[0]) if isinstance(kind, ast.Call) and called(kind) == "Choice" and kind.args else None
    default = constant(given.get("default"))
    return argument(
        name.split("/")[0],
        kind=type_name(kind),
        default=default,
        choices=list(choices) if isinstance(choices, (list, tuple)) else None,
        help=constant(given.get("help")),
        required=constant(given.get("required")) or (not is_option and "default" not in given),
        is_flag=is_option and (bool(constant(given.get("is_flag"))) or "/" in name or isinstance(default, bool)),
    )


def is_typer_command(function, tree):
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(target, ast.Attribute) and target.attr == "command":
            return True
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "run"
        and getattr(node.func.value, "id", None) == "typer"
        and node.args
        and getattr(node.args[0], "id", None) == function.name
        for node in ast.walk(tree)
    )


def from_typer(function):
    plain = function.args.args
    defaults = [None] * (len(plain) - len(function.args.defaults)) + list(function.args.defaults)
    pairs = list(zip(plain, defaults)) + list(zip(function.args.kwonlyargs, function.args.kw_defaults))
    for parameter, default in pairs:
        kind = type_name(parameter.annotation)
        option = "--" + parameter.arg.replace("_", "-")
        if isinstance(default, ast.Call) and called(default) in ("Option", "Argument"):
            given = keywords(default)
            value = constant(default.args[0]) if default.args else constant(given.get("default"))
            names = [name for name in map(constant, default.args[1:]) if isinstance(name, str)]
            is_option = called(default) == "Option"
            yield argument(
                (longest(names) or option).split("/")[0] if is_option else parameter.arg,
                kind=kind,
                default=None if value is Ellipsis else value,
                help=constant(given.get("help")),
                required=value is Ellipsis or not (default.args or "default" in given),
                is_flag=is_option and (kind == "bool" or isinstance(value, bool)),
            )
        elif default is None:
            yield argument(parameter.arg, kind=kind, required=True)
        else:
            value = constant(default)
            yield argument(option, kind=kind, default=value, is_flag=kind == "bool" or isinstance(value, bool))


if __name__ == "__main__":
    main(sys.argv[1])
