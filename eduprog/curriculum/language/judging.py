"""What the rules say of many texts: what was read before is not read again, the rest is shared out over the processors.

What was said is remembered under the hash of the rules, of this code and of the text; the text itself is not.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path

from eduprog.curriculum.language.check import check_text
from eduprog.curriculum.language.rules import load_rules
from eduprog.curriculum.language.values import Audience, Finding, LanguageRules

_WORTH_SHARING = 2000  # texts; below that, starting a process costs more than it saves
_CODE = Path(__file__).parent

Asked = tuple[str, Audience]


Verdicts = dict[str, list[Finding]]  # by the hash of a text for its reader; an empty list is a good text


@dataclass(frozen=True)
class Memory:
    """What one state of the rules said of texts, in a file of their own."""

    file: Path
    salt: bytes

    def known(self) -> Verdicts:
        """Give the verdicts; none where the file is absent, damaged or cannot be read."""
        try:
            held = json.loads(self.file.read_bytes())
            found: Verdicts = {key: [Finding(*one) for one in findings] for key, findings in held["found"].items()}
            return {**dict.fromkeys(held["good"], _NOTHING), **found}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def keep(self, verdicts: Verdicts) -> None:
        """Write the verdicts in place of those before, and drop what other states of the rules left; no harm where it fails."""
        good = sorted(key for key, findings in verdicts.items() if not findings)
        found = {key: [astuple(one) for one in findings] for key, findings in verdicts.items() if findings}
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.file.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps({"good": good, "found": found}), encoding="utf-8")
            fresh.replace(self.file)
            for other in self.file.parent.glob("language-*.json"):
                if other != self.file:
                    other.unlink(missing_ok=True)

    def hash_of(self, asked: Asked) -> str:
        """Give the hash of a text for its reader."""
        text, audience = asked
        return blake2b(f"{audience.value}\n{text}".encode(), digest_size=16, key=self.salt).hexdigest()


_NOTHING: list[Finding] = []


def memory_in(folder: Path, rules_file: Path) -> Memory:
    """Give the memory for the rules as they are now. Raises FileNotFoundError where there are none."""
    state = blake2b(rules_file.read_bytes(), digest_size=32)
    for code in sorted(_CODE.glob("*.py")):
        state.update(code.read_bytes())
    return Memory(folder / f"language-{state.hexdigest()[:32]}.json", state.digest())


class Judge:
    """Asks the rules about texts; they are read from their file only when a text is new."""

    def __init__(
        self, rules: LanguageRules | Callable[[], LanguageRules], memory: Memory | None = None, processes: int = 1
    ) -> None:
        """Judge by these rules; `memory` spares what was good before, `processes` share a large number of texts."""
        self._rules = rules
        self._memory = memory
        self._processes = processes if "fork" in multiprocessing.get_all_start_methods() else 1

    def findings(self, asked: Iterable[Asked]) -> Mapping[Asked, Sequence[Finding]]:
        """Give what the rules alone find in each text (nothing is weighed), good texts left out."""
        texts = list(dict.fromkeys(asked))
        if self._memory is None:
            return self._found(texts)
        hashes = {one: self._memory.hash_of(one) for one in texts}
        known = self._memory.known()
        fresh = self._found([one for one in texts if hashes[one] not in known])
        verdicts = {key: list(fresh.get(one, known.get(key, ()))) for one, key in hashes.items()}
        if verdicts != known:
            self._memory.keep(verdicts)
        return {one: found for one in texts if (found := verdicts[hashes[one]])}

    def _found(self, texts: Sequence[Asked]) -> dict[Asked, Sequence[Finding]]:
        if not texts:
            return {}
        rules = self._rules if isinstance(self._rules, LanguageRules) else self._rules()
        shares = self._processes if len(texts) >= _WORTH_SHARING else 1
        if shares == 1:
            verdicts = _judged(rules, texts)
        else:
            _shared.append(rules)
            with ProcessPoolExecutor(shares, mp_context=multiprocessing.get_context("fork")) as pool:
                parts = pool.map(_judged_in_a_share, [texts[number::shares] for number in range(shares)])
                verdicts = [one for part in parts for one in part]
            _shared.clear()
        return {one: found for one, found in verdicts if found}


_shared: list[LanguageRules] = []  # what a forked process inherits rather than is sent: compiled patterns are slow to send


def _judged_in_a_share(texts: Sequence[Asked]) -> list[tuple[Asked, list[Finding]]]:
    return [one for one in _judged(_shared[0], texts) if one[1]]


def _judged(rules: LanguageRules, texts: Sequence[Asked]) -> list[tuple[Asked, list[Finding]]]:
    return [((text, audience), check_text(text, audience, rules, weigh=False)) for text, audience in texts]


def judge_for(rules_file: Path, cache: Path) -> Judge:
    """Give a judge that remembers in `cache` and uses every processor.

    Raises what `load_rules` raises: at once, unless these very rules were in use before.
    """
    memory = memory_in(cache, rules_file)
    load = partial(load_rules, rules_file, weighing=False)
    rules = load if memory.file.exists() else load()
    return Judge(rules, memory, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
