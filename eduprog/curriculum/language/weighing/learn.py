"""Learning the weights from labelled sentences, and from lessons as wording that is right; the same each time."""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click

from eduprog.core.paths import LESSONS
from eduprog.curriculum.checks.readable import readable_files
from eduprog.curriculum.checks.wording import without_mentions
from eduprog.curriculum.language.check import check_text
from eduprog.curriculum.language.context import Text, is_set_aside, without_quotes
from eduprog.curriculum.language.rules import load_rules
from eduprog.curriculum.language.sentences import plain, sentences
from eduprog.curriculum.language.values import Audience, LanguageRules
from eduprog.curriculum.language.weighing.evidence import Ideas, evidence_of, ideas_by_word
from eduprog.curriculum.language.weighing.weights import BIAS, HERE, logistic, read_ideas
from eduprog.curriculum.reading import collect_files, read_lessons

LESSON_SHARE = 0.25  # all lessons together count for this much of the labelled sentences: most are far from any doubt
_ROUNDS, _STEP, _SLOWER, _SHRINK = 20, 4.0, 0.15, 5e-6
_TOO_LITTLE, _SMALLEST = 1e-4, 0.3
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: what it offers, whether it needs other words, how much it counts, and its category where that is known."""

    found: tuple[str, ...]
    problem: bool
    counts: float = 1.0
    kind: str = ""


def labelled(files: Iterable[Path], rules: LanguageRules, ideas: Ideas) -> Iterator[Example]:
    """Yield the labelled sentences of CSV files (columns text, label and maybe category, difficulty), and the rules' examples."""
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row.get("difficulty") != "disputed":
                    yield from _examples(row["text"], row["label"] == "problem", row.get("category") or "", rules, ideas)
    for rule in rules.rules:
        for text in rule.catches:
            yield from _examples(text, True, rule.category, rules, ideas)
        for text in rule.passes:
            yield from _examples(text, False, "", rules, ideas)


def of_lessons(folder: Path, rules: LanguageRules, ideas: Ideas) -> Iterator[tuple[str, ...]]:
    """Yield what each sentence of the lesson files offers; all of it is wording that is right."""
    for file in readable_files(read_lessons(collect_files(folder))):
        kept = [wording.words for wording in file.keeps]
        for passage in file.passages:
            text = without_mentions(passage)
            for words in kept:
                text = text.replace(words, " ")
            yield from _sentences(text, rules, ideas)


def _examples(text: str, problem: bool, kind: str, rules: LanguageRules, ideas: Ideas) -> Iterator[Example]:
    """Yield the sentences of a labelled text; of a problem whose category is not said the rules say it where they know."""
    if problem and not kind:
        kinds = {finding.category for finding in check_text(text, Audience.STAFF, rules)}
        kind = kinds.pop() if len(kinds) == 1 else ""
    for found in _sentences(text, rules, ideas):
        yield Example(found, problem, 1.0, kind)


def _sentences(text: str, rules: LanguageRules, ideas: Ideas) -> Iterator[tuple[str, ...]]:
    plain_text = plain(text)
    whole = Text(plain_text, tuple(sentences(plain_text, rules.names_not)))
    for number in range(len(whole.sentences)):
        if not is_set_aside(whole, number, rules.words):
            found = evidence_of(without_quotes(whole, number, rules.words), ideas)
            if found:
                yield tuple(sorted(found))


def learn_weights(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights by name (`BIAS` among them) that tell problems from the rest: logistic regression, step by step."""
    known = {name for example in examples if example.counts == 1 for name in example.found}
    kept = [(tuple(name for name in one.found if name in known), one) for one in examples]
    learner = _Learner()
    order = list(range(len(kept)))
    chance = Random(1)  # the order is mixed, but always in the same way
    for turn in range(_ROUNDS):
        chance.shuffle(order)
        step = _STEP / (1 + _SLOWER * turn)
        for at in order:
            learner.learn(*kept[at], step)
    return {BIAS: learner.bias, **{name: weight for name, weight in learner.weights().items() if abs(weight) >= _SMALLEST}}


class _Learner:
    """Weights while they are learned, all times one scale, so that shrinking all of them costs one multiplication."""

    def __init__(self) -> None:
        self.bias = 0.0
        self._scaled: dict[str, float] = defaultdict(float)
        self._scale = 1.0

    def weights(self) -> dict[str, float]:
        return {name: weight * self._scale for name, weight in self._scaled.items()}

    def learn(self, names: tuple[str, ...], example: Example, step: float) -> None:
        """Move the weights of what an example offers towards its label."""
        share = 1 / math.sqrt(len(example.found))
        total = self.bias + self._scale * share * sum([self._scaled[name] for name in names])
        wrong = (logistic(total) - example.problem) * example.counts
        self._scale *= 1 - step * _SHRINK * example.counts
        if abs(wrong) < _TOO_LITTLE * example.counts:
            return
        self.bias -= 0.1 * step * wrong
        change = step * wrong * share / self._scale
        for name in names:
            self._scaled[name] -= change


def learn_kinds(examples: Iterable[Example]) -> dict[str, dict[str, float]]:
    """Return by category what speaks for it among problems: log odds of words and ideas against all problems."""
    problems = [
        (one.kind, [name for name in one.found if " " not in name and ">" not in name])
        for one in examples
        if one.problem and one.kind
    ]
    overall = Counter(name for _, names in problems for name in names)
    kinds = {}
    for kind in sorted({kind for kind, _ in problems}):
        mine = [names for one, names in problems if one == kind]
        counts = Counter(name for names in mine for name in names)
        odds = {
            name: math.log((counts[name] + 0.5) / (len(mine) + 1)) - math.log((overall[name] + 0.5) / (len(problems) + 1))
            for name in counts
            if overall[name] >= 3
        }
        kinds[kind] = {BIAS: math.log(len(mine) / len(problems)), **{name: x for name, x in odds.items() if abs(x) >= 0.5}}
    return kinds


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--lessons", "folder", type=_FOLDER, default=LESSONS, help="Lessons whose wording is right.")
@click.option("--into", type=_FOLDER, default=HERE, help="Where weights.csv and kinds.csv are written.")
def learn(files: tuple[Path, ...], folder: Path, into: Path) -> None:
    """Learn weights.csv and kinds.csv anew from labelled FILES (CSV with text, label, category, difficulty)."""
    rules = load_rules(folder / "language.yaml", weighing=False)
    ideas = ideas_by_word(read_ideas()["ideas"])
    examples = list(labelled(files, rules, ideas))
    right = list(of_lessons(folder, rules, ideas))
    share = LESSON_SHARE * len(examples) / max(len(right), 1)
    examples += [Example(found, False, share) for found in right]
    weights = learn_weights(examples)
    _write(into / "weights.csv", ["name", "weight"], ((name, f"{weights[name]:.2f}") for name in sorted(weights)))
    kinds = learn_kinds(examples)
    rows = ((kind, name, f"{odds:.1f}") for kind, names in kinds.items() for name, odds in sorted(names.items()))
    _write(into / "kinds.csv", ["kind", "name", "odds"], rows)
    click.echo(f"{len(examples)} sentences read, {len(weights)} weights kept.")


def _write(file: Path, head: list[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


if __name__ == "__main__":
    learn()
