"""Conditions: the small part of SQL in which people write rules, typed, with every mistake at its place.

The grammar allows and, or, not, comparison, between, in with literals, is null, like without backslash,
+ - * with numbers, lower, coalesce, the declared fields, true and false. There is no way to write anything
else: the parser below builds only these nodes (as a sqlglot expression in DuckDB's dialect).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from sqlglot import exp

from accord.agreement.fields import FieldType, Known

LONGEST = 2000
DEEPEST = 50
ALLOWED_WORDS = "and, or, not, = <> < <= > >=, between, in, is null, like, + - *, lower(), coalesce()"

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\x00-\x1f]|'')*')|(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<word>[^\W\d]\w*)
    |(?P<sign><=|>=|<>|!=|[=<>(),+*-]))""",
    re.VERBOSE,
)
_KEYWORDS = {"and", "or", "not", "between", "in", "is", "null", "like", "true", "false", "lower", "coalesce"}
_COMPARE: dict[str, type[exp.Expression]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_MENDS = {
    "/": "Division is not allowed; multiply the other side instead.",
    "==": "Write one = for equality.",
    "||": "Texts cannot be joined; compare the fields one by one.",
    '"': "Texts stand in single quotes: 'like this'.",
    ";": "One condition has no end sign; remove the semicolon.",
    "--": "Comments belong in the YAML, after a #.",
    "/*": "Comments belong in the YAML, after a #.",
    "::": "Casts are not allowed; declare the field with the type it has.",
    "&&": "Write and.",
    "%": "A % stands only inside the pattern of like.",
    "ilike": "Write lower(field) like 'pattern in lower case'.",
    "select": "Subqueries are not allowed.",
    "cast": "Casts are not allowed; declare the field with the type it has.",
    "contains": "Write field like '%part%'.",
    "starts_with": "Write field like 'start%'.",
    "now": "Conditions cannot read the clock; use half_life, expires or a clause.",
    "current_date": "Conditions cannot read the clock; use half_life, expires or a clause.",
    "upper": "Use lower() on the field and write the text in lower case.",
    "ifnull": "Write coalesce(field, value).",
}


@dataclass(frozen=True)
class Condition:
    """A condition that was understood.

    `text` is what the person wrote; `expression` a sqlglot expression whose columns are unqualified and in
    lower case; `fields` the names it reads. Evaluated in SQL: NULL means that a field is unknown.
    """

    text: str
    expression: exp.Expression
    fields: frozenset[str]

    def sql(self) -> str:
        """The condition in DuckDB's dialect, written one way whatever the spaces and letter case were."""
        return self.expression.sql(dialect="duckdb")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a condition; `offset` counts characters from its beginning."""

    offset: int
    message: str
    mend: str = ""


class ConditionError(ValueError):
    """Everything found wrong in one condition."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.offset)
        super().__init__("; ".join(problem.message for problem in self.problems))


def did_you_mean(word: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """`Did you mean 'x'?` for the nearest candidate, or `otherwise`."""
    near = nearest(word, candidates)
    return f"Did you mean {near!r}?" if near else otherwise


def nearest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str:
    """The candidate most like `word`, or the empty text."""
    spelled = {candidate.lower(): candidate for candidate in candidates}
    near = difflib.get_close_matches(word.lower()[:100], spelled, n=1, cutoff=cutoff)
    return spelled[near[0]] if near else ""


def parse_condition(text: str, fields: Mapping[str, Known]) -> Condition:
    """The condition `text` over `fields`. Raises ConditionError with all that is wrong in it."""
    if len(text) > LONGEST:
        raise ConditionError([Problem(0, f"A condition may have at most {LONGEST} characters.", "Split it.")])
    parser = _Parser(text, fields)
    tree = parser.whole()
    if parser.problems:
        raise ConditionError(parser.problems)
    return Condition(text, tree, frozenset(parser.used))


class _Token(NamedTuple):
    kind: str  # text, number, word, sign or end
    value: str
    offset: int

    @property
    def shown(self) -> str:
        return "the end" if self.kind == "end" else self.value


class _Part(NamedTuple):
    """A parsed part: `type` is None where a mistake hides it, `known` is set where it is a bare field."""

    tree: exp.Expression
    type: FieldType | None
    offset: int
    known: Known | None = None
    reads: bool = False
    lowered: bool = False

    @property
    def literal(self) -> bool:
        return isinstance(self.tree, exp.Literal | exp.Neg) and not self.reads


class _Stop(Exception):
    """The rest of the condition cannot be read."""


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        start = at + len(text[at:]) - len(text[at:].lstrip())
        if text.startswith(("--", "/*"), start) or match is None or match.lastgroup is None:
            raise ConditionError([_stray(text, start)])
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return [*found, _Token("end", "", end)]


def _stray(text: str, at: int) -> Problem:
    if text[at] == "'":
        return Problem(at, "This text has no closing quote.", "Close it with '.")
    if text[at].isdigit():
        shown = re.match(r"[\w.]+", text[at:])
        return Problem(at, f"{shown[0] if shown else text[at]} is not a number.", "Write 100 or 0.5.")
    for sign in ("--", "/*", "::", "||", "&&", text[at]):
        if text.startswith(sign, at):
            return Problem(
                at, f"{sign!r} is not allowed in a condition.", _MENDS.get(sign, f"Use {ALLOWED_WORDS}.")
            )
    raise AssertionError("the last sign tried always matches")


class _Parser:
    """Recursive descent over the tokens; type mistakes are collected, syntax mistakes end the reading."""

    def __init__(self, text: str, fields: Mapping[str, Known]) -> None:
        self.fields = fields
        self.problems: list[Problem] = []
        self.used: set[str] = set()
        self.depth = 0
        self.position = 0
        self.tokens = _tokens(text)

    # Reading tokens

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def word(self) -> str:
        return self.next.value.lower() if self.next.kind == "word" else ""

    def sign(self) -> str:
        return self.next.value if self.next.kind == "sign" else ""

    def take(self) -> _Token:
        token = self.next
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def skip(self, value: str) -> bool:
        """Take the next token if it is this keyword or sign."""
        if value in (self.word(), self.sign()):
            self.take()
            return True
        return False

    def expect(self, value: str) -> None:
        if not self.skip(value):
            self.stop(f"I expected {value!r} here, not {self.next.shown}.")

    def complain(self, offset: int, message: str, mend: str = "") -> None:
        self.problems.append(Problem(offset, message, mend))

    def stop(self, message: str, mend: str = "", token: _Token | None = None) -> None:
        self.complain((token or self.next).offset, message, mend)
        raise _Stop

    # The grammar, loosest binding first

    def whole(self) -> exp.Expression:
        try:
            if self.next.kind == "end":
                self.stop("The condition is empty.", "Write one, such as employees >= 100.")
            part = self.either()
            self.truth(part)
            if self.next.kind != "end":
                self.left_over()
            return part.tree
        except _Stop:
            return exp.false()

    def left_over(self) -> None:
        token = self.next
        mend = _MENDS.get(token.value.lower(), "Join conditions with and or or.")
        self.stop(f"I did not expect {token.shown} here.", mend)

    def either(self) -> _Part:
        return self.chain("or", exp.Or, self.both)

    def both(self) -> _Part:
        return self.chain("and", exp.And, self.negated)

    def chain(self, word: str, node: type[exp.Expression], inner: Callable[[], _Part]) -> _Part:
        parts = [inner()]
        while self.skip(word):
            parts.append(inner())
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            self.truth(part)
        tree = reduce(lambda left, right: node(this=left, expression=right), (part.tree for part in parts))
        return _Part(tree, "boolean", parts[0].offset, reads=any(part.reads for part in parts))

    def negated(self) -> _Part:
        if self.word() != "not":
            return self.predicate()
        token = self.take()
        self.deeper(token)
        part = self.negated()
        self.depth -= 1
        self.truth(part)
        return _Part(exp.Not(this=part.tree), "boolean", token.offset, reads=part.reads)

    def predicate(self) -> _Part:
        left = self.sum()
        if self.sign() in _COMPARE:
            return self.comparison(left)
        if self.skip("is"):
            return self.null_test(left)
        negate = self.skip("not")
        rest = {"between": self.between, "in": self.among, "like": self.like}.get(self.word())
        if rest is None:
            if negate:
                self.stop(f"I expected between, in or like after not, not {self.next.shown}.")
            return left
        self.take()
        tree = rest(left)
        return _Part(exp.Not(this=tree) if negate else tree, "boolean", left.offset, reads=True)

    def comparison(self, left: _Part) -> _Part:
        token = self.take()
        if token.value == "=" and self.sign() == "=":
            self.stop("'==' is not allowed in a condition.", _MENDS["=="], token)
        right = self.sum()
        ordered = token.value not in ("=", "<>", "!=")
        self.alike(left, right)
        for one, other in ((left, right), (right, left)):
            if ordered:
                self.in_order(one, token)
            self.among_values(one, other)
        tree = _COMPARE[token.value](this=left.tree, expression=right.tree)
        tree.meta["offset"] = left.offset
        return _Part(tree, "boolean", left.offset, reads=True)

    def null_test(self, left: _Part) -> _Part:
        negate = self.skip("not")
        if self.word() in ("true", "false"):
            self.stop("'is true' and 'is false' are not allowed.", "Write the field alone, or not field.")
        self.expect("null")
        tree: exp.Expression = exp.Is(this=left.tree, expression=exp.Null())
        return _Part(exp.Not(this=tree) if negate else tree, "boolean", left.offset, reads=True)

    def between(self, left: _Part) -> exp.Expression:
        token = self.next
        low = self.sum()
        self.expect("and")
        high = self.sum()
        for bound in (low, high):
            self.alike(left, bound)
        self.in_order(left, token)
        if (
            low.type == high.type == "number"
            and low.literal
            and high.literal
            and number(low.tree) > number(high.tree)
        ):
            self.complain(low.offset, "The lower bound is above the upper one.", "Swap them.")
        tree = exp.Between(this=left.tree, low=low.tree, high=high.tree)
        tree.meta["offset"] = left.offset
        return tree

    def among(self, left: _Part) -> exp.Expression:
        self.expect("(")
        if self.word() == "select":
            self.stop("Subqueries are not allowed.", "List the values: in ('a', 'b').")
        items = [self.listed(left)]
        while self.skip(","):
            items.append(self.listed(left))
        self.expect(")")
        return exp.In(this=left.tree, expressions=items)

    def listed(self, left: _Part) -> exp.Expression:
        token = self.next
        part = self.sum()
        if not part.literal:
            self.complain(token.offset, "A list holds only texts and numbers.", "Write in ('a', 'b').")
        else:
            self.alike(left, part)
            self.among_values(left, part)
        return part.tree

    def like(self, left: _Part) -> exp.Expression:
        token = self.take()
        if left.type not in ("text", None):
            self.complain(left.offset, f"like compares texts; this is a {left.type}.")
        if token.kind != "text":
            self.stop("like needs a pattern in quotes.", "Write like '/pricing%'.", token)
        if "\\" in token.value:
            self.complain(
                token.offset, "A pattern of like cannot hold a backslash.", "Use _ for any one sign."
            )
        if self.word() == "escape":
            self.stop("escape is not allowed.", "Use _ for any one sign.")
        return exp.Like(this=left.tree, expression=exp.Literal.string(_unquote(token)))

    def sum(self) -> _Part:
        return self.arithmetic({"+": exp.Add, "-": exp.Sub}, self.product)

    def product(self) -> _Part:
        return self.arithmetic({"*": exp.Mul}, self.signed)

    def arithmetic(self, signs: Mapping[str, type[exp.Expression]], inner: Callable[[], _Part]) -> _Part:
        left = inner()
        terms = 1
        while self.sign() in signs:
            token = self.take()
            terms += 1
            if terms > DEEPEST:
                self.stop(f"A sum may have at most {DEEPEST} terms.", "Shorten it.", token)
            right = inner()
            for part in (left, right):
                if part.type not in ("number", None):
                    self.complain(part.offset, f"{token.value} needs numbers; this is a {part.type}.")
            if not (left.reads or right.reads):
                self.complain(left.offset, "There is no field in this sum.", "Write its result.")
            elif token.value == "*":
                self.scaled(left, right, token)
            tree = signs[token.value](this=left.tree, expression=right.tree)
            left = _Part(tree, "number", left.offset, reads=True)
        return left

    def scaled(self, left: _Part, right: _Part, token: _Token) -> None:
        """Products stay within what decimals hold on every engine: a field times a number, once."""
        field, factor = (right, left) if left.literal else (left, right)
        if not factor.literal or field.tree.find(exp.Mul):
            self.complain(token.offset, "* multiplies one field by one number.", "Write it like 2 * fit.")

    def signed(self) -> _Part:
        if self.sign() != "-":
            return self.primary()
        token = self.take()
        self.deeper(token)
        part = self.signed()
        self.depth -= 1
        if part.type not in ("number", None):
            self.complain(part.offset, f"- needs a number; this is a {part.type}.")
        return _Part(exp.Neg(this=part.tree), "number", token.offset, reads=part.reads)

    def primary(self) -> _Part:
        token = self.take()
        if token.kind == "text":
            return _Part(exp.Literal.string(_unquote(token)), "text", token.offset)
        if token.kind == "number":
            if len(token.value) > 15 or len(token.value.partition(".")[2]) > 6:
                mend = "Use at most 15 digits, 6 of them after the point."
                self.complain(token.offset, "This number is too long.", mend)
            return _Part(exp.Literal.number(token.value), "number", token.offset)
        if token.value == "(":
            return self.parenthesis(token)
        word = token.value.lower()
        if token.kind != "word" or (word in _KEYWORDS - {"true", "false", "lower", "coalesce", "null"}):
            self.stop(f"I expected a field or a value here, not {token.shown}.", _MENDS.get(word, ""), token)
        if word == "null":
            self.stop("Nothing equals null.", "Write field is null.", token)
        if word in ("true", "false"):
            return _Part(exp.Boolean(this=word == "true"), "boolean", token.offset)
        if word in ("lower", "coalesce") and self.sign() == "(":
            return self.function(word, token)
        return self.field(token)

    def parenthesis(self, token: _Token) -> _Part:
        self.deeper(token)
        if self.word() == "select":
            self.stop("Subqueries are not allowed.", "A condition reads only the fields of its own lead.")
        part = self.either()
        self.expect(")")
        self.depth -= 1
        return _Part(exp.Paren(this=part.tree), part.type, token.offset, part.known, part.reads, part.lowered)

    def function(self, word: str, token: _Token) -> _Part:
        self.deeper(token)
        self.expect("(")
        parts = [self.sum()]
        while self.skip(","):
            parts.append(self.sum())
        self.expect(")")
        self.depth -= 1
        first = parts[0]
        reads = any(part.reads for part in parts)
        if word == "lower":
            if len(parts) > 1:
                self.complain(parts[1].offset, "lower takes one text.")
            if first.type not in ("text", None):
                self.complain(first.offset, f"lower takes a text; this is a {first.type}.")
            tree: exp.Expression = exp.Lower(this=first.tree)
            return _Part(tree, "text", token.offset, first.known, reads, lowered=True)
        if len(parts) == 1:
            self.complain(token.offset, "coalesce needs a second value.", "Write coalesce(field, 0).")
        for part in parts[1:]:
            self.alike(first, part)
            self.among_values(first, part)
        tree = exp.Coalesce(this=first.tree, expressions=[part.tree for part in parts[1:]])
        return _Part(tree, first.type, token.offset, first.known, reads)

    def field(self, token: _Token) -> _Part:
        name = token.value.lower()
        if self.sign() == "(":
            mend = _MENDS.get(name, f"Use {ALLOWED_WORDS}.")
            self.stop(f"The function {name} is not allowed in a condition.", mend, token)
        known = self.fields.get(name)
        if known is None:
            mend = _MENDS.get(name) or did_you_mean(
                name, self.fields, f"Known here: {', '.join(self.fields)}."
            )
            self.complain(token.offset, f"There is no field {name!r} here.", mend)
            known = Known(None)
        self.used.add(name)
        column = exp.column(name)
        column.meta["offset"] = token.offset
        return _Part(column, known.type, token.offset, known, reads=True)

    # Types

    def deeper(self, token: _Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.stop(f"The condition is nested more than {DEEPEST} deep.", "Write it flatter.", token)

    def truth(self, part: _Part) -> None:
        if part.type in ("boolean", None):
            return
        mend = "Compare it with something, such as employees >= 100."
        self.complain(part.offset, f"This is a {part.type}, neither true nor false.", mend)

    def alike(self, left: _Part, right: _Part) -> None:
        if left.type is None or right.type is None or left.type == right.type:
            return
        mend = {"number": "Write the number without quotes.", "text": "Put the text in single quotes."}.get(
            left.type, "Write the field alone, or not field."
        )
        self.complain(right.offset, f"A {left.type} cannot be compared with a {right.type}.", mend)

    def in_order(self, part: _Part, token: _Token) -> None:
        if part.type == "boolean":
            self.complain(
                token.offset, "True and false have no order.", "Write the field alone, or not field."
            )
        elif part.known is not None and part.known.values and part.type == "text":
            listed = ", ".join(repr(value) for value in part.known.values)
            self.complain(
                token.offset, "Text is ordered by the alphabet, not by meaning.", f"Write in ({listed})."
            )

    def among_values(self, field: _Part, value: _Part) -> None:
        """A text compared with a field whose values are declared must be one of them."""
        if field.known is None or not field.known.values or not isinstance(value.tree, exp.Literal):
            return
        if value.type != "text":
            return
        allowed = [v.lower() if field.lowered else v for v in field.known.values]
        text = str(value.tree.this)
        if text not in allowed:
            mend = did_you_mean(text, allowed, f"Its values are {', '.join(allowed)}.")
            self.complain(value.offset, f"{text!r} is not one of the field's values.", mend)


def number(tree: exp.Expr) -> float:
    """The value of a literal number, possibly negated."""
    if isinstance(tree, exp.Neg):
        return -number(tree.this)
    if isinstance(tree, exp.Paren):
        return number(tree.this)
    return float(tree.this)


def _unquote(token: _Token) -> str:
    return token.value[1:-1].replace("''", "'")
