"""Names and types of a rule: what each expression may read, in which order values are made, and of what type each is.

The same check runs twice: against the tables' declared columns when a rulebook is loaded, and against the columns of
the data, with the digits that the data really has, when a rule is planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from checker.expressions import Binding, Typed, check, tree
from checker.expressions.types import BOOLEAN, DATE, NULL, ListOf, Number, Type
from checker.problems import Problem, did_you_mean
from checker.rulebook.checked import CheckedRule, Let, Shapes, TypedLookup
from checker.rulebook.definition import Definition, Lookup, Path, Written

AMOUNT_SCALE = 10
"""Decimal places that an amount can have."""

RESERVED = ("lines", "line", "contract", "run", "lists", "policy", "params")
"""Words that no let, lookup, part or param may take."""


def check_rule(
    definition: Definition, shapes: Shapes, params: Mapping[str, Binding] | None = None
) -> tuple[CheckedRule | None, list[Problem]]:
    """The checked rule, or everything that is wrong with its names and types. `params` replace defaults."""
    scope = _Scope(definition, shapes, params or {})
    checked = scope.check()
    return (None if scope.problems else checked), scope.problems


class _Scope:
    def __init__(self, definition: Definition, shapes: Shapes, params: Mapping[str, Binding]) -> None:
        self._rule = definition
        self._shapes = shapes
        self._constants = {**shapes.constants(), **definition.params, **params}
        self.problems: list[Problem] = []

    def check(self) -> CheckedRule | None:
        rule = self._rule
        columns = self._table(rule.table, ("each", "group") if rule.by else ("each",))
        if columns is None:
            return None
        self._clashes(columns)
        line: dict[str, Binding] = {**columns, **self._constants}
        line_lets = self._lets(rule.line_lets, line)
        parts = {name: self._condition(written, line) for name, written in rule.parts.items()}
        names = line
        by: dict[str, Type] = {}
        if rule.by:
            where = self._condition(rule.where, line)
            names, by = self._group_names(line, columns)
        steps = self._steps(names)
        if not rule.by:
            where = self._condition(rule.where, names)
        must = self._condition(rule.must, names)
        beyond = self._number(rule.surplus.beyond, names) if rule.surplus else None
        if rule.surplus and rule.surplus.part not in ("lines", *rule.parts):
            self._unknown(rule.surplus.part, ("lines", *rule.parts), ("stands_on", "part"), "part")
        shown = dict(names)
        if rule.by:
            shown |= {f"line.{name}": bound for name, bound in line.items() if name not in self._constants}
        amount = self._amount(rule.amount, shown)
        key = tuple(self._named(name, shown, ("key", at)) for at, name in enumerate(rule.key))
        message = tuple(
            part if at % 2 == 0 else self._mentioned(at, shown) for at, part in enumerate(rule.message)
        )
        claim = rule.rule.claim
        incident = self._named(claim.incident, shown, ("claim", "incident")) if claim else None
        if incident is not None and incident in shown and shown[incident].type != DATE:
            self._say(("claim", "incident"), f"'{incident}' is a {shown[incident].type}, not a date")
        if must is None:
            return None
        return CheckedRule(
            definition=rule,
            line_lets=line_lets,
            where=where,
            parts={name: typed for name, typed in parts.items() if typed is not None},
            by=by,
            steps=steps,
            must=must,
            amount=amount,
            beyond=beyond,
            key=key,
            message=message,
            incident=incident,
            names=shown,
        )

    # names

    def _table(self, name: str, path: Path) -> Mapping[str, Binding] | None:
        columns = self._shapes.columns(name)
        if columns is None:
            self._unknown(name, self._shapes.tables(), path, "table")
        return columns

    def _clashes(self, columns: Mapping[str, Binding]) -> None:
        rule = self._rule
        taken: dict[str, str] = dict.fromkeys(columns, "a column")
        given: list[tuple[str, str, Path]] = [
            *((name, "a param", ("params", name)) for name in rule.params),
            *((name, "a let of the line", ("each", "let", name)) for name in rule.line_lets),
            *((name, "a part", ("parts", name)) for name in rule.parts),
            *((name, "a lookup", ("with", name)) for name in rule.lookups),
            *((name, "a let", ("let", name)) for name in rule.lets),
        ]
        for name, what, path in given:
            before = "reserved" if name in RESERVED else taken.get(name)
            if before:
                place = self._rule.file.where(*path, key=True)
                self.problems.append(
                    Problem(place, f"'{name}' is {before} already", f"give {what} another name")
                )
            taken[name] = what

    def _group_names(
        self, line: dict[str, Binding], columns: Mapping[str, Binding]
    ) -> tuple[dict[str, Binding], dict[str, Type]]:
        rule = self._rule
        own = {name: bound for name, bound in line.items() if name not in self._constants}
        names: dict[str, Binding] = dict(self._constants)
        by: dict[str, Type] = {}
        for at, name in enumerate(rule.by):
            if name not in own:
                self._unknown(name, list(own), ("each", "by", at), "column")
                continue
            by[name] = own[name].type
            names[name] = Binding(own[name].type, False)
        for part in ("lines", *rule.parts):
            for name, bound in own.items():
                names[f"{part}.{name}"] = Binding(ListOf(bound.type, True), bound.nullable)
        return names, by

    def _named(self, name: str, names: Mapping[str, Binding], path: Path) -> str:
        """A name that a key, a message or a claim gives; in a group a bare column is the line's own."""
        for candidate in (name, f"line.{name}"):
            if candidate in names and not isinstance(names[candidate].type, ListOf):
                return candidate
        self._unknown(
            name,
            [known for known, bound in names.items() if not isinstance(bound.type, ListOf)],
            path,
            "name",
        )
        return name

    def _mentioned(self, at: int, names: Mapping[str, Binding]) -> str:
        """A name in braces in the message, pointed at where it stands there."""
        name = self._rule.message[at]
        before = len("".join(self._rule.message[:at])) + at
        problems = len(self.problems)
        found = self._named(name, names, ("message",))
        if len(self.problems) > problems:
            place = self._rule.file.where("message", offset=before, width=len(name))
            self.problems[-1] = replace(self.problems[-1], where=place)
        return found

    # values in order

    def _lets(self, written: Mapping[str, Written], names: dict[str, Binding]) -> tuple[Let, ...]:
        made: list[Let] = []
        for name in self._ordered({name: [expression] for name, expression in written.items()}):
            value = self._typed(written[name], names)
            if value is not None:
                made.append(Let(name, value))
                names[name] = Binding(value.type, value.nullable)
            else:
                names.setdefault(name, Binding(NULL))
        return tuple(made)

    def _steps(self, names: dict[str, Binding]) -> tuple[Let | TypedLookup, ...]:
        rule = self._rule
        needs: dict[str, list[Written]] = {
            name: list(lookup.written()) for name, lookup in rule.lookups.items()
        }
        needs |= {name: [written] for name, written in rule.lets.items()}
        steps: list[Let | TypedLookup] = []
        for name in self._ordered(needs):
            if name in rule.lookups:
                lookup = self._lookup(rule.lookups[name], names)
                if lookup is not None:
                    steps.append(lookup)
                    names |= {f"{name}.{column}": bound for column, bound in lookup.columns.items()}
                continue
            value = self._typed(rule.lets[name], names)
            if value is not None:
                steps.append(Let(name, value))
                names[name] = Binding(value.type, value.nullable)
            else:
                names.setdefault(name, Binding(NULL))
        return tuple(steps)

    def _ordered(self, needs: Mapping[str, Sequence[Written]]) -> list[str]:
        """Names so that each comes after those it reads; a circle is a problem and is left out."""
        reads = {
            name: [word for one in written for word in _first_words(one.node)]
            for name, written in needs.items()
        }
        done: list[str] = []
        waiting = list(needs)
        while waiting:
            ready = [
                n for n in waiting if all(word in done or word not in needs or word == n for word in reads[n])
            ]
            circular = [n for n in ready if n in reads[n] and n not in self._rule.lookups]
            ready = [n for n in ready if n not in circular]
            if not ready:
                at = needs[waiting[0]][0] if needs[waiting[0]] else None
                around = " → ".join([*waiting, waiting[0]])
                if at is not None:
                    place = self._rule.place(at.path)(0, 1)
                    self.problems.append(Problem(place, f"these values need each other: {around}"))
                break
            done += ready
            waiting = [n for n in waiting if n not in ready]
        return done

    def _lookup(self, lookup: Lookup, names: dict[str, Binding]) -> TypedLookup | None:
        path = lookup.path
        columns = self._table(lookup.source, (*path, "from"))
        if columns is None:
            return None
        match = []
        for column, written in lookup.match:
            value = self._typed(written, names)
            bound = self._column(columns, column, lookup, (*path, "match", column), key=True)
            if value is None or bound is None:
                continue
            if not _alike(bound.type, value.type):
                what = f"{lookup.source}.{column} is a {bound.type}, matched with a {value.type}"
                self._say((*path, "match", column), what)
            match.append((column, value))
        day: Typed | None = None
        for name, on in (("during", lookup.during), ("latest", lookup.latest)):
            if on is not None:
                day = self._typed(on.day, names)
                if day is not None and day.type != DATE:
                    self._say((*path, name, "date"), f"a date is wanted, found a {day.type}")
        for at, column in _date_columns(lookup):
            bound = self._column(columns, column, lookup, (*path, *at))
            if bound is not None and bound.type != DATE:
                self._say((*path, *at), f"{lookup.source}.{column} is a {bound.type}, not a date")
        if lookup.overlaps is not None and lookup.source != self._rule.table:
            self._say(
                (*path, "overlaps"), "only lines of the rule's own table overlap", f"from: {self._rule.table}"
            )
        theirs = {f"{lookup.name}.{column}": bound for column, bound in columns.items()}
        when = self._condition(lookup.when, {**names, **theirs})
        lists = {
            column: Binding(ListOf(bound.type, True), bound.nullable) for column, bound in columns.items()
        }
        take = {
            name: self._typed(written, {**self._constants, **lists}) for name, written in lookup.take.items()
        }
        taken = {name: typed for name, typed in take.items() if typed is not None}
        given = (
            {name: Binding(typed.type, True) for name, typed in taken.items()}
            if lookup.take
            else dict(columns)
        )
        if lookup.if_none == "null":
            given = {name: Binding(bound.type, True) for name, bound in given.items()}
        return TypedLookup(lookup, tuple(match), day, when, taken, given)

    def _column(
        self, columns: Mapping[str, Binding], name: str, lookup: Lookup, path: Path, *, key: bool = False
    ) -> Binding | None:
        if name not in columns:
            what = f"{lookup.source} has no column '{name}'"
            place = self._rule.file.where(*path, key=key)
            self.problems.append(Problem(place, what, did_you_mean(name, list(columns))))
        return columns.get(name)

    # expressions

    def _typed(self, written: Written, names: Mapping[str, Binding]) -> Typed | None:
        typed, problems = check(written.node, names, self._rule.place(written.path))
        # A name whose own value is wrong is not complained of a second time.
        self.problems += (
            problems
            if not any(names.get(word) == Binding(NULL) for word in _first_words(written.node))
            else []
        )
        return typed

    def _condition(self, written: Written | None, names: Mapping[str, Binding]) -> Typed | None:
        if written is None:
            return None
        typed = self._typed(written, names)
        if typed is not None and typed.type != BOOLEAN:
            self._say(written.path, f"a condition is wanted, found a {typed.type}")
        return typed

    def _number(self, written: Written, names: Mapping[str, Binding]) -> Typed | None:
        typed = self._typed(written, names)
        if typed is not None and not isinstance(typed.type, Number):
            self._say(written.path, f"a number is wanted, found a {typed.type}")
        return typed

    def _amount(self, written: Written | None, names: Mapping[str, Binding]) -> Typed | None:
        if written is None:
            return None
        typed = self._typed(written, names)
        if typed is not None and typed.type == NULL:
            return typed
        if typed is not None and not isinstance(typed.type, Number):
            self._say(written.path, f"an amount is a number, found a {typed.type}")
        elif typed is not None and isinstance(typed.type, Number) and typed.type.quotient:
            hint = "say how: round half up(…, 2) or round down(…, 2)"
            self._say(written.path, "an amount holds an unrounded quotient", hint)
        elif typed is not None and isinstance(typed.type, Number) and typed.type.scale > AMOUNT_SCALE:
            what = f"an amount has at most {AMOUNT_SCALE} decimal places, and this has {typed.type.scale}"
            self._say(written.path, what, "round it to the cent: round half up(…, 2)")
        return typed

    def _say(self, path: Path, what: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self._rule.file.where(*path), what, hint))

    def _unknown(self, name: str, known: Sequence[str], path: Path, what: str) -> None:
        hint = did_you_mean(name, list(known)) or f"known: {', '.join(sorted(known)[:8])}"
        self._say(path, f"unknown {what} '{name}'", hint)


def _alike(one: Type, other: Type) -> bool:
    return one == other or (isinstance(one, Number) and isinstance(other, Number)) or other == NULL


def _date_columns(lookup: Lookup) -> Iterator[tuple[Path, str]]:
    if lookup.during is not None:
        yield ("during", "from"), lookup.during.start
        yield ("during", "to"), lookup.during.end
    if lookup.latest is not None:
        yield ("latest", "from"), lookup.latest.column
    if lookup.overlaps is not None:
        yield ("overlaps", "from"), lookup.overlaps[0]
        yield ("overlaps", "to"), lookup.overlaps[1]


def _first_words(node: tree.Node) -> Iterator[str]:
    """The first word of every name in a tree: what a let or lookup would be called."""
    waiting: list[object] = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, tree.Name):
            yield here.parts[0]
        elif isinstance(here, tuple):
            waiting.extend(here)
        elif hasattr(here, "__dataclass_fields__") and not isinstance(here, tree.Span):
            waiting.extend(getattr(here, name) for name in here.__dataclass_fields__ if name != "span")
