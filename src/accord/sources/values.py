"""Turns the text of a file's cells into typed values, or into a reason why a row cannot be taken.

Everything here builds DuckDB expressions; no row passes through Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from accord.ledger.tables import SQL_TYPES, Column
from accord.sources.mapping import EPOCHS, Mapping, Value
from accord.sources.sql import (
    call,
    case,
    column,
    first_of,
    is_null,
    joined,
    lower,
    not_null,
    number,
    one_of,
    text,
    try_cast,
)

BLANKS = " \t\r\n\u00a0\ufeff"
TRUE = ("true", "t", "yes", "y", "1", "ja", "j", "wahr", "oui", "vrai")
FALSE = ("false", "f", "no", "n", "0", "nein", "falsch", "non", "faux")
DUCKDB_WORDS = ("infinity", "-infinity", "epoch")
"""Words that DuckDB takes for moments."""
EARLIEST, LATEST = "1900-01-01", "10000-01-01"
SHOWN = 80
"""Characters of a bad value that its reason shows."""

Cell = Callable[[str], exp.Expr]
"""From a column's name in the file to the expression of its trimmed text, NULL if missing."""


@dataclass(frozen=True)
class Problem:
    """A row is refused when `holds`: `what` says why, of the file's `columns` and the value `text`."""

    columns: str
    what: str
    holds: exp.Expr
    text: exp.Expr | None = None

    @property
    def key(self) -> str:
        """The reason without the row's own value: what receipts count."""
        return f"column {self.columns}: {self.what}"

    def reason(self) -> exp.Expr:
        """The reason with the row's own value, as the quarantine file gives it; NULL if it does not hold."""
        message: exp.Expr = exp.Literal.string(self.key)
        if self.text is not None:
            shown = call("left", self.text.copy(), number(SHOWN))
            start, end = exp.Literal.string(f"column {self.columns}: '"), exp.Literal.string(f"' {self.what}")
            message = joined(start, shown, end)
        return case((self.holds.copy(), message))


@dataclass(frozen=True)
class Converted:
    """A typed value with the problems it may have; the problems refer to `value` by `name`."""

    name: str
    value: exp.Expr
    text: exp.Expr
    problems: list[Problem] = field(default_factory=list)

    @property
    def text_name(self) -> str:
        """Name of the column that keeps the text while problems are looked for."""
        return f"_text_{self.name}"


def cleaned(cell: exp.Expr, missing: Sequence[str]) -> exp.Expr:
    """A cell's text without blanks around it; NULL if that is empty or a word that means missing."""
    trimmed = call("trim", cell, text(BLANKS))
    words = sorted({"", *(word.strip(BLANKS).casefold() for word in missing)})
    if words == [""]:
        return call("nullif", trimmed, text(""))
    return case((exp.not_(one_of(lower(trimmed), words)), trimmed.copy()))


def plain_text(value: Value, cell: Cell) -> exp.Expr:
    """The text a value comes from, before its words and bands are looked up."""
    if value.constant is not None:
        return text(value.constant)
    return first_of([cell(name) for name in value.columns])


def reference(value: Value, cell: Cell, mapping: Mapping) -> exp.Expr:
    """The text `source:kind:id`, or `email:address`."""
    words = _words(value, plain_text(value, cell))
    if value.kind == "email":
        return joined(text("email:"), lower(words))
    return joined(text(f"{value.source or mapping.source}:{value.kind}:"), words)


def convert(value: Value, target: Column, cell: Cell, mapping: Mapping) -> Converted:
    """The value of one fact column. Its problems speak of the columns `target.name` and `_text_<name>`."""
    raw = plain_text(value, cell)
    if value.kind:
        typed = reference(value, cell, mapping)
    else:
        typed = _typed(value, target, _words(value, raw), mapping)
    shown = ", ".join(value.columns) or target.name
    problems = list(_problems(value, target, shown))
    if value.otherwise == "quarantine" and value.values:
        words = sorted(word.casefold() for word in value.values)
        unlisted = exp.not_(one_of(lower(column(f"_text_{target.name}")), words))
        problems.append(Problem(shown, "is none of the words in `values`", unlisted, _text_of(target)))
    return Converted(target.name, typed, raw.copy(), problems)


def own_field(name: str, value: Value, cell: Cell, mapping: Mapping) -> Converted:
    """The value of an own field, typed as its options say; `as_own_text` makes it the text to keep."""
    return convert(value, Column(f"_field_{name}", value.own_type, "An own field."), cell, mapping)


def as_own_text(value: Value, typed: exp.Expr, mapping: Mapping) -> exp.Expr:
    """What is kept of an own field: a plain number, an ISO day of its zone, true or false, or its text."""
    if value.own_type == "number":
        whole = exp.and_(
            exp.EQ(this=typed.copy(), expression=call("trunc", typed.copy())),
            exp.LT(this=call("abs", typed.copy()), expression=number(10**15)),
        )
        digits = exp.cast(exp.cast(typed.copy(), "BIGINT"), "VARCHAR")
        return case((whole, digits), otherwise=exp.cast(typed.copy(), "VARCHAR"))
    if value.own_type == "time":
        aware = call("timezone", text("UTC"), typed.copy())
        local = call("timezone", text(value.zone or mapping.zone), aware)
        return exp.cast(exp.cast(local, "DATE"), "VARCHAR")
    return exp.cast(typed.copy(), "VARCHAR")


def _text_of(target: Column) -> exp.Expr:
    return column(f"_text_{target.name}")


def _problems(value: Value, target: Column, shown: str) -> list[Problem]:
    result, given = column(target.name), _text_of(target)
    problems = []
    unread = exp.and_(is_null(result), not_null(given))
    if target.type != "text" and "missing" not in (value.otherwise if value.values else ""):
        if meant_missing := sorted(word.casefold() for word, meant in value.values.items() if meant is None):
            unread = exp.and_(unread, exp.not_(one_of(lower(given.copy()), meant_missing)))
        problems.append(Problem(shown, _unreadable(value, target), unread, given))
    if target.minimum is not None:
        low = exp.LT(this=result.copy(), expression=number(f"{target.minimum:g}"))
        problems.append(Problem(shown, f"is below {target.minimum:g}", low, given.copy()))
    if target.values:
        other = exp.not_(one_of(result.copy(), target.values))
        problems.append(Problem(shown, f"is none of {', '.join(target.values)}", other, given.copy()))
    if target.name == "currency" or target.name == "to_currency":
        odd = exp.not_(call("regexp_full_match", result.copy(), text("[A-Z]{3}")))
        problems.append(Problem(shown, "is no currency code", odd, given.copy()))
    if target.required:
        needed = is_null(result.copy())
        empty = is_null(given.copy()) if target.type != "text" else exp.true()
        problems.append(Problem(shown, "is missing", exp.and_(needed, empty)))
    return problems


def _unreadable(value: Value, target: Column) -> str:
    if target.type == "time":
        return "fits none of the date formats"
    if target.type == "boolean":
        return "is neither true nor false"
    if value.bands:
        return "is neither a number nor one of the bands"
    if value.decimal:
        return f"is not a number with the decimal sign {value.decimal}"
    return "is not a whole number" if target.type == "integer" else "is not a number"


def _words(value: Value, given: exp.Expr) -> exp.Expr:
    """The text with the words of `values` put in place of the file's."""
    if not value.values:
        return given
    branches = [
        exp.If(this=text(word.casefold()), true=exp.null() if meant is None else text(meant))
        for word, meant in sorted(value.values.items())
    ]
    rest = given.copy() if value.otherwise == "keep" else None
    return exp.Case(this=lower(given), ifs=branches, default=rest)


def _typed(value: Value, target: Column, given: exp.Expr, mapping: Mapping) -> exp.Expr:
    if target.type == "time":
        return moment(given, value.dates or mapping.dates, value.zone or mapping.zone)
    if target.type == "boolean":
        return case(
            (one_of(lower(given), TRUE), exp.true()), (one_of(lower(given.copy()), FALSE), exp.false())
        )
    if target.type in ("number", "money", "integer"):
        return _banded(value, target, given)
    return _normal(target.name, given)


def _normal(name: str, given: exp.Expr) -> exp.Expr:
    """Text in the one form its column asks for."""
    if name in ("email", "path", "direction", "status"):
        return lower(given) if name != "status" else given
    if name in ("currency", "to_currency"):
        return call("upper", given)
    if name == "domain":
        bare = call("regexp_replace", lower(given), text(r"^([a-z][a-z0-9+.-]*://)?(www\.)?"), text(""))
        return call("regexp_replace", bare, text(r"[/?#:].*$"), text(""))
    return given


def _banded(value: Value, target: Column, given: exp.Expr) -> exp.Expr:
    plain = _number(value, target, given)
    if not value.bands:
        return plain
    kind = SQL_TYPES[target.type]
    branches = [
        exp.If(this=text(band.casefold()), true=exp.cast(number(repr(middle)), kind))
        for band, middle in sorted(value.bands.items())
    ]
    return exp.Case(this=lower(given.copy()), ifs=branches, default=plain)


def _number(value: Value, target: Column, given: exp.Expr) -> exp.Expr:
    digits = _digits(given, value.decimal)
    double = try_cast(digits, "DOUBLE")
    finite = exp.and_(call("isfinite", double), exp.not_(call("contains", digits.copy(), text("_"))))
    kind = SQL_TYPES[target.type]
    if value.divide:
        by = exp.cast(number(repr(value.divide)), "DOUBLE")
        result: exp.Expr = try_cast(exp.Div(this=double.copy(), expression=by), kind)
    else:
        result = try_cast(digits.copy(), kind)
    if target.type == "integer":
        whole = exp.EQ(this=double.copy(), expression=call("trunc", double.copy()))
        finite = exp.and_(finite, whole)
    return case((finite, result))


def _digits(given: exp.Expr, decimal: str | None) -> exp.Expr:
    """The number's text with a decimal point; NULL if its groups of thousands are not well formed."""
    if decimal is None:
        return given
    thousands = "," if decimal == "." else "."
    bare = call(
        "regexp_replace", given, text(r"[\s\x{00a0}\x{202f}'’€$£¥]|^[A-Z]{3}|[A-Z]{3}$"), text(""), text("g")
    )
    form = rf"[+-]?(\d+|\d{{1,3}}([{thousands}]\d{{3}})+)([{decimal}]\d+)?"
    point = call("replace", call("replace", bare.copy(), text(thousands), text("")), text(decimal), text("."))
    return case((call("regexp_full_match", bare, text(form)), point))


def moment(given: exp.Expr, formats: Sequence[str], zone: str) -> exp.Expr:
    """A naive UTC timestamp: the first format that fits, else ISO 8601; a date alone is its local noon."""
    ways = [_by_format(given.copy(), one, zone) for one in formats]
    is_word = one_of(lower(given), DUCKDB_WORDS)
    return case((exp.not_(is_word), first_of([*ways, _iso(given.copy(), zone)])))


def _by_format(given: exp.Expr, pattern: str, zone: str) -> exp.Expr:
    if pattern in EPOCHS:
        exact = try_cast(given, "DECIMAL(27,6)")
        micros = try_cast(exp.Mul(this=exact, expression=number(EPOCHS[pattern])), "BIGINT")
        inside = exp.Between(this=micros, low=number(-(2 * 10**15)), high=number(250 * 10**15))
        return case((inside, call("make_timestamp", micros.copy())))
    parsed = call("try_strptime", given, text(pattern))
    if "%z" in pattern or "%Z" in pattern:
        return _sane(call("timezone", text("UTC"), exp.cast(parsed, "TIMESTAMPTZ")))
    if not any(code in pattern for code in ("%H", "%I", "%-H", "%-I")):
        parsed = _noon(parsed)
    return _to_utc(_sane(parsed), zone)


def _iso(given: exp.Expr, zone: str) -> exp.Expr:
    naive = try_cast(given, "TIMESTAMP")
    aware = try_cast(given.copy(), "TIMESTAMPTZ")
    rest = call("substr", given.copy(), number(11))
    has_zone = call("regexp_matches", rest, text("[zZ+U-]"))
    is_date = exp.LTE(this=call("length", given.copy()), expression=number(10))
    return case(
        (is_date, _to_utc(_sane(_noon(naive)), zone)),
        (has_zone, _sane(call("timezone", text("UTC"), aware))),
        otherwise=_to_utc(_sane(naive.copy()), zone),
    )


def _noon(parsed: exp.Expr) -> exp.Expr:
    return exp.Add(this=parsed, expression=exp.Interval(this=text("12"), unit=exp.var("HOUR")))


def _sane(parsed: exp.Expr) -> exp.Expr:
    """NULL for a year no business file means, such as 24 read by %Y."""
    early = exp.GTE(this=parsed, expression=exp.cast(text(EARLIEST), "TIMESTAMP"))
    late = exp.LT(this=parsed.copy(), expression=exp.cast(text(LATEST), "TIMESTAMP"))
    return case((exp.and_(early, late), parsed.copy()))


def _to_utc(parsed: exp.Expr, zone: str) -> exp.Expr:
    if zone == "UTC":
        return parsed
    return call("timezone", text("UTC"), call("timezone", text(zone), parsed))
