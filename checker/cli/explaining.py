"""`checker rules explain`: one line under one rule, every step with its values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from checker.audits import opened
from checker.audits.explanation import Question, explained
from checker.cli.ending import Exit, stop, told
from checker.cli.options import IsoDate, TableFile, format_option, printed_json, rules_option, said
from checker.engine.explaining import Answer, Explanation
from checker.engine.steps import Found, Step
from checker.engine.tracing import Part
from checker.engine.words import in_words
from checker.expressions.values import Missing
from checker.problems import errors
from checker.report.terminal import clean

_MOST_VALUES = 6
_MOST_ROWS = 5
_OUTCOMES = {
    "pass": "pass: what must hold holds",
    "finding": "finding: what must hold does not",
    "undecided": "undecided",
    "out_of_scope": "out of scope: the rule is not about this line",
}


@click.command(short_help="Why a line has its outcome: every step with its values.")
@click.argument("rule")
@click.argument("data", nargs=-1, type=click.Path(path_type=Path), metavar="DATA...", required=True)
@click.option(
    "--line",
    "key",
    required=True,
    metavar="KEY",
    help="FILE:ROW, the fingerprint of a finding, or values such as invoice_number=G1,subscription_id=s1.",
)
@click.option(
    "--contract", type=click.Path(path_type=Path), metavar="FILE", help="The contract, a YAML file."
)
@click.option("--as-of", type=IsoDate(), metavar="DATE", help="The day of the run.  [default: today]")
@click.option(
    "--as",
    "tables",
    type=TableFile(),
    multiple=True,
    metavar="TABLE=FILE",
    help="Which table a file is, where its header does not tell; repeatable.",
)
@rules_option
@format_option
def explain(
    rule: str,
    data: tuple[Path, ...],
    key: str,
    contract: Path | None,
    as_of: date | None,
    tables: tuple[tuple[str, Path], ...],
    folders: tuple[Path, ...],
    style: str,
) -> int:
    """Shows how a rule comes to its outcome for one line of the data: each condition, lookup and named value with the
    values of all its parts, and what is owed.
    """
    question = Question(
        rule=rule,
        line=key,
        paths=data,
        as_of=as_of or date.today(),
        contract=contract,
        tables={path: table for table, path in tables},
        rules=folders,
    )
    with opened() as connection:
        answer = explained(question, connection)
    if answer.explanation is None:
        stop(answer.problems, Exit.DATA if answer.blame == "data" else Exit.DOCUMENTS)
    told(one for one in answer.problems if one not in errors(answer.problems))
    if style == "json":
        printed_json(_listed(answer.explanation))
    else:
        _print(answer.explanation)
    return Exit.DONE if answer.explanation.agrees else Exit.DEFECT


def _print(made: Explanation) -> None:
    rule = made.rule.definition.rule
    console = Console(highlight=False)
    top = Tree(Text(clean(f"{rule.name} ({rule.id}) on {made.place}"), style="bold"))
    if len(made.group) > 1:
        lines = ", ".join(map(str, made.group[:_MOST_ROWS])) + (", …" if len(made.group) > _MOST_ROWS else "")
        top.add(_text(f"judged together: {len(made.group)} lines", lines))
    for step in made.steps:
        _add(top, step)
    console.print(top)
    said("")
    for label, text in _ending(made):
        said(f"{label:10} {text}")


def _add(tree: Tree, step: Step | Found) -> None:
    if isinstance(step, Step):
        _branch(tree, step.role, step.part)
        return
    branch = tree.add(_text(f"with {step.name}: {step.source},", step.words))
    for asked in step.asked:
        _branch(branch, asked.role, asked.part)
    for place, values in step.rows[:_MOST_ROWS]:
        branch.add(
            _text(f"row {place}", ", ".join(f"{name} {_shown(value)}" for name, value in values.items()))
        )
    if len(step.rows) > _MOST_ROWS:
        branch.add(f"and {len(step.rows) - _MOST_ROWS} more rows")
    for name, value in step.gives.items():
        branch.add(_text(f"{step.name}.{name}", f"= {_shown(value)}"))


def _branch(tree: Tree, role: str, part: Part) -> None:
    """An expression: its value, its text, and its parts with theirs."""
    head = _text(role, f"= {_value(part)}")
    if part.text not in (role.rpartition(" ")[2], _value(part)):
        head.append("\n").append(clean(part.text), style="dim")
    _below(tree.add(head), part, {part.text})


def _below(branch: Tree, part: Part, told: set[str]) -> None:
    for one in part.parts:
        inner = branch.add(_text(one.text, f"= {_value(one)}"))
        # What stands twice in an expression is taken apart once.
        if one.text not in told:
            told.add(one.text)
            _below(inner, one, told)


def _text(first: str, *rest: str) -> Text:
    made = Text(clean(first))
    for text in rest:
        made.append(" ").append(clean(text), style="cyan" if text.startswith("= ") else "")
    return made


def _value(part: Part) -> str:
    return _shown(part.value) if part.asked else "(not asked)"


def _shown(value: Any) -> str:
    """A value with every digit that it has."""
    match value:
        case None:
            return "null"
        case Missing():
            return f"null: {value.reason}"
        case Decimal():
            return f"{value:f}"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case tuple():
            some = ", ".join(
                [*(_shown(one) for one in value[:_MOST_VALUES]), *["…"] * (len(value) > _MOST_VALUES)]
            )
            return f"{len(value)} values: {some}" if value else "no values"
        case _:
            return str(value)


def _ending(made: Explanation) -> list[tuple[str, str]]:
    words = _OUTCOMES[made.answer.outcome]
    if made.stands_on:
        words = (
            f"pass: the finding of these lines stands on {', '.join(map(str, made.stands_on[:_MOST_ROWS]))}"
        )
    lines = [("outcome", words)]
    if made.answer.cause:
        lines.append(("because", made.engine.cause or made.answer.cause))
    if made.answer.outcome == "finding":
        amount = made.answer.amount
        lines.append(("amount", "no money" if amount is None else in_words(amount, made.currency)))
    if made.finding is not None:
        lines += [("message", made.finding.message), ("finding", made.finding.fingerprint)]
    if made.agrees:
        lines.append(("engine", "agrees"))
    else:
        lines.append(
            ("engine", f"DISAGREES: {_in_short(made.engine)}. This is a defect of checker; please report it.")
        )
    return lines


def _in_short(answer: Answer) -> str:
    amount = "" if answer.amount is None else f" of {answer.amount:f}"
    return f"{answer.outcome}{amount}{f', because {answer.cause}' if answer.cause else ''}"


# For programs.


def _listed(made: Explanation) -> dict[str, object]:
    rule = made.rule.definition.rule
    return {
        "rule": {"id": rule.id, "name": rule.name, "revision": rule.revision, "hash": rule.hash},
        "line": str(made.place),
        "group": [str(place) for place in made.group],
        "stands_on": [str(place) for place in made.stands_on],
        "steps": [_listed_step(step) for step in made.steps],
        **_listed_answer(made.answer),
        "currency": made.currency,
        "message": made.finding.message if made.finding else None,
        "fingerprint": made.finding.fingerprint if made.finding else None,
        "engine": _listed_answer(made.engine),
        "agrees": made.agrees,
    }


def _listed_answer(answer: Answer) -> dict[str, object]:
    return {"outcome": answer.outcome, "amount": answer.amount, "cause": answer.cause}


def _listed_step(step: Step | Found) -> dict[str, object]:
    if isinstance(step, Step):
        return {"role": step.role, **_listed_part(step.part)}
    return {
        "role": f"with {step.name}",
        "from": step.source,
        "asked": [_listed_step(one) for one in step.asked],
        "rows": [{"row": str(place), "values": _listed_values(values)} for place, values in step.rows],
        "gives": _listed_values(step.gives),
        "words": step.words,
    }


def _listed_part(part: Part) -> dict[str, object]:
    value = part.value
    made: dict[str, object] = {"text": part.text, "value": _listed_value(value)}
    if isinstance(value, Missing):
        made["cause"] = value.reason
    if not part.asked:
        made["asked"] = False
    if part.parts:
        made["parts"] = [_listed_part(one) for one in part.parts]
    return made


def _listed_values(values: Mapping[str, Any]) -> dict[str, object]:
    return {name: _listed_value(value) for name, value in values.items()}


def _listed_value(value: Any) -> object:
    match value:
        case None | Missing():
            return None
        case bool() | str():
            return value
        case Decimal():
            return f"{value:f}"
        case tuple():
            return [_listed_value(one) for one in value]
        case _:
            return str(value)
