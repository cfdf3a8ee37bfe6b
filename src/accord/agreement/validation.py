"""Checking a YAML tree against a pydantic model: each error becomes a mistake at its line and column.

A part that is wrong is cut out and the rest is checked again, so that one mistake never hides another.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from accord.agreement.conditions import did_you_mean, nearest
from accord.agreement.models import kind_of
from accord.agreement.yaml_tree import MOST, Node, Path, Source
from accord.errors import Mistake

Model = TypeVar("Model", bound=BaseModel)

_ROUNDS = 20

_WANTED = {
    "string_type": ("text", "Put it in quotes."),
    "int_type": ("a whole number", "Write it without quotes, such as 6."),
    "int_from_float": ("a whole number", "Write it without a fraction."),
    "float_type": ("a number", "Write it without quotes, such as 10 or 0.5."),
    "finite_number": ("a number", "Write it such as 10 or 0.5."),
    "bool_type": ("true or false", "Write true or false, without quotes."),
    "tuple_type": ("a list", "Put it in [ ], or one line each after a -."),
    "dict_type": ("a mapping", "Write key: value lines below it."),
    "model_type": ("a mapping", "Write key: value lines below it."),
}


class Checker(Generic[Model]):
    """One reading of one file by `model`. `mistakes` grows; `tree` is cut down to what could be read."""

    def __init__(
        self, source: Source, tree: Node, model: type[Model], placeholders: Mapping[str, Any]
    ) -> None:
        self.source = source
        self.tree = tree
        self.model = model
        self.placeholders = placeholders
        self.mistakes: list[Mistake] = []
        self.wrong_paths: list[Path] = []

    def read(self, context: Any) -> Model | None:
        """The model, made from all parts that are right; None if too little is left."""
        for attempt in range(_ROUNDS):
            if len(self.mistakes) >= MOST:
                return None
            try:
                return self.model.model_validate(self.tree.plain(), context=context)
            except ValidationError as error:
                errors = error.errors(include_url=False)[:MOST]
            guessed = self.guessed_keys(errors)
            self.wrong_paths += guessed
            for detail in errors:
                if _path(detail) not in guessed and (attempt == 0 or not self.follows(detail)):
                    self.report(detail)
            if not self.cut([_path(detail) for detail in errors]):
                return None
        return None

    def guessed_keys(self, errors: list[ErrorDetails]) -> set[Path]:
        """Keys that are missing only because they are misspelled."""
        unknown = [_path(detail) for detail in errors if detail["type"] == "extra_forbidden"]
        return {(*path[:-1], nearest(str(path[-1]), keys_at(self.model, path[:-1]))) for path in unknown}

    def follows(self, detail: ErrorDetails) -> bool:
        """The error comes only from a part that was cut out."""
        return detail["type"] == "missing" or (detail["type"] == "accord" and self.hides(_path(detail)))

    # Mistakes

    def add(self, place: tuple[int, int], path: Path, message: str, mend: str) -> None:
        """A mistake at a place of the file."""
        where = ".".join(str(step) for step in path)
        self.mistakes.append(Mistake(self.source.file, *place, where, message, mend))

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or of the key) at `path`."""
        node = self.tree.at(path)
        if key and path:
            return self.tree.at(path[:-1]).keys.get(str(path[-1]), (node.line, node.column))
        return node.line, node.column

    def hides(self, path: Path) -> bool:
        """Something was cut out of the part at `path`, so that no more can be said of the whole of it."""
        return any(wrong[: len(path)] == path for wrong in self.wrong_paths)

    def report(self, detail: ErrorDetails) -> None:
        path, kind = _path(detail), detail["type"]
        self.wrong_paths.append(path)
        context = detail.get("ctx", {})
        if kind == "condition":
            for problem in context["problems"]:
                place = self.condition_place(path, problem.offset)
                self.add(place, path, problem.message, problem.mend)
        elif kind == "missing":
            if not self.empty(path):
                mend = f"Add {path[-1]}: ..."
                self.add(self.place(path[:-1]), path[:-1], f"The key {path[-1]!r} is missing.", mend)
        elif kind == "extra_forbidden":
            self.unknown_key(path)
        elif kind == "accord":
            self.add(self.place(path), path, context["message"], context["mend"])
        else:
            message, mend = _explained(detail)
            self.add(self.place(path), path, message, mend)

    def condition_place(self, path: Path, offset: int) -> tuple[int, int]:
        """Where in the file character `offset` of the condition at `path` stands."""
        node = self.tree.at(path)
        return self.source.place(node, offset) if isinstance(node.value, str) else (node.line, node.column)

    def empty(self, path: Path) -> bool:
        """The key stands in the file, but without a value (which is a mistake of its own)."""
        above = self.tree.at(path[:-1])
        return isinstance(above.value, dict) and str(path[-1]) in above.value

    def unknown_key(self, path: Path) -> None:
        allowed = sorted(keys_at(self.model, path[:-1]))
        mend = did_you_mean(str(path[-1]), allowed, f"Known here: {', '.join(allowed)}.")
        self.add(self.place(path, key=True), path, f"The key {path[-1]!r} is not known here.", mend)

    def empty_values(self) -> None:
        """Every key or list item without a value is a mistake."""
        todo: list[tuple[Path, Node]] = [((), self.tree)]
        while todo and len(self.mistakes) < MOST:
            path, node = todo.pop()
            if isinstance(node.value, dict):
                todo += [((*path, key), inner) for key, inner in node.value.items()]
            elif isinstance(node.value, tuple):
                todo += [((*path, index), inner) for index, inner in enumerate(node.value)]
            elif node.value is None and path:
                place = (node.line, node.column)
                if isinstance(path[-1], str):
                    place = self.place(path, key=True)
                self.add(place, path, "This has no value.", "Give it one, or remove it.")

    # Cutting out what is wrong

    def cut(self, paths: list[Path]) -> bool:
        """Remove the parts at `paths`, later list items first. False: nothing could be removed."""
        changed = False
        for path in sorted(
            set(paths), key=lambda p: [(str(s), s if isinstance(s, int) else 0) for s in p], reverse=True
        ):
            changed |= self.remove(path)
        return changed

    def remove(self, path: Path) -> bool:
        if not path:
            return False
        if len(path) == 1 and path[0] in self.placeholders:
            self.tree.value[path[0]] = Node(self.placeholders[str(path[0])], self.tree.line, self.tree.column)
            return True
        above = self.tree.at(path[:-1])
        node = self.tree.at(path)
        if above is node:  # a missing key: what holds it goes
            return self.remove(path[:-1])
        if isinstance(above.value, dict):
            del above.value[str(path[-1])]
        else:
            above.value = tuple(inner for inner in above.value if inner is not node)
        return True


def _path(detail: ErrorDetails) -> Path:
    return tuple(step for step in detail["loc"] if step != "[key]")


def _explained(detail: ErrorDetails) -> tuple[str, str]:
    """Pydantic's error in the words of this project."""
    kind, context, found = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "int_type" and isinstance(found, float):
        kind = "int_from_float"
    if kind in _WANTED:
        wanted, mend = _WANTED[kind]
        return f"This must be {wanted}, not {kind_of(found)}.", mend
    if kind == "literal_error":
        allowed = [word.strip("' ") for word in context["expected"].replace(" or ", ", ").split(",")]
        otherwise = f"Use one of {', '.join(allowed)}."
        return f"{found!r} is not allowed here.", did_you_mean(str(found), allowed, otherwise)
    bounds = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
    if kind in bounds:
        words = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
        key = bounds[kind]
        return f"{found:g} is out of range.", f"Write a number that is {words[key]} {context[key]:g}."
    if kind == "string_too_long":
        return f"This text is longer than {context['max_length']} characters.", "Shorten it."
    if kind in ("string_too_short", "too_short"):
        return "This is empty.", "Fill it in, or remove it."
    return f"{detail['msg']}.", ""


def keys_at(model: Any, path: Path) -> set[str]:
    """The keys a file may have at `path`."""
    for step in path:
        model = _inside(model, step)
    fields = getattr(_bare(model), "model_fields", {})
    return {field.alias or name for name, field in fields.items()}


def _inside(annotation: Any, step: str | int) -> Any:
    annotation = _bare(annotation)
    if get_origin(annotation) in (tuple, dict):
        return get_args(annotation)[1 if get_origin(annotation) is dict else 0]
    for name, field in getattr(annotation, "model_fields", {}).items():
        if step in (name, field.alias):
            return field.annotation
    extras = getattr(annotation, "__pydantic_extra_model__", None)
    return extras if extras is not None else annotation


def _bare(annotation: Any) -> Any:
    """The class behind `X | None` and Annotated."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation
