"""The modules a school writes itself: every version that was saved, newest first, and the files of ours to begin from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from eduprog.core import paths
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.curriculum import catalogue
from eduprog.curriculum.language import LanguageRules, load_rules
from eduprog.curriculum.own_modules import CheckedModule, check_own_module
from eduprog.curriculum.schema.module import Measure
from eduprog.curriculum.vocabulary import Gate, HalfTermBlock, Term, YearGroup
from eduprog.library.models import OwnDraft
from eduprog.library.rules.own_modules import Files


def drafts(module_id: str) -> Sequence[OwnDraft]:
    """Give every version of a module of the school, newest first. Raises NotHere if there is none."""
    asked = select(OwnDraft).where(OwnDraft.module_id == module_id).order_by(OwnDraft.number.desc())
    found = session().scalars(asked).all()
    if not found:
        raise NotHere
    return found


def draft(module_id: str, number: int) -> OwnDraft:
    """Give one version. Raises NotHere."""
    asked = select(OwnDraft).where(OwnDraft.module_id == module_id, OwnDraft.number == number)
    found = session().scalars(asked).one_or_none()
    if found is None:
        raise NotHere
    return found


def latest_draft_number(module_id: str) -> int:
    """Give the number of the newest version of a module, 0 without any."""
    return session().scalar(select(func.max(OwnDraft.number)).where(OwnDraft.module_id == module_id)) or 0


def own_modules() -> Sequence[OwnDraft]:
    """Give the newest version of every module the school wrote, by id."""
    newest = select(OwnDraft.module_id, func.max(OwnDraft.number).label("number")).group_by(OwnDraft.module_id).subquery()
    asked = select(OwnDraft).join(newest, (newest.c.module_id == OwnDraft.module_id) & (newest.c.number == OwnDraft.number))
    return session().scalars(asked.order_by(OwnDraft.module_id)).all()


def approved_drafts() -> Sequence[OwnDraft]:
    """Give the versions that are taught, by id."""
    return session().scalars(select(OwnDraft).where(OwnDraft.approved_at.is_not(None)).order_by(OwnDraft.id)).all()


def files_of_ours(module_id: str) -> dict[str, str]:
    """Give the files of one of our modules as texts. Raises NotHere."""
    module = catalogue.ours().modules.get(module_id)
    if module is None or module.is_closed:
        raise NotHere
    folder = paths.LESSONS / module.stage.value.lower() / f"{module.id.lower()}-{module.slug}"
    if not folder.is_dir():
        raise NotHere
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}


def checked(files: Files, block: HalfTermBlock) -> CheckedModule:
    """Give what the checker says of the files of a module: every fault, and the module if there is none."""
    return _checked(tuple(sorted(files.items())), block, catalogue.ours().content_hash)


@lru_cache(maxsize=64)
def _checked(files: tuple[tuple[str, str], ...], block: HalfTermBlock, _content_hash: str) -> CheckedModule:
    raw = {name: text.encode() for name, text in files}
    return check_own_module(raw, ours=catalogue.ours(), block=block, rules=_rules())


@lru_cache(maxsize=1)
def _rules() -> LanguageRules:
    return load_rules(paths.LESSONS / "language.yaml", weighing=False)


def fact_choices() -> dict[str, list[tuple[str, str]]]:
    """Give the closed lists that facts of a module are chosen from: code and words by the name of the fact."""
    words = catalogue.ours().vocabulary
    terms: dict[str, Mapping[Any, Term]] = {
        "strand": words.strands, "skills": words.skills, "messages": words.messages, "evidence.tag": words.evidence,
        "gates": {gate: term for gate, term in words.gates.items() if gate is not Gate.G2},
    }  # fmt: skip
    chosen = {name: [(str(code.value), term.label) for code, term in held.items()] for name, held in terms.items()}
    measures = [(one.value, one.value.replace("-", " ").capitalize()) for one in Measure]
    return {**chosen, "years": [(year.value, year.label) for year in YearGroup], "measures": measures}


def people_words() -> list[tuple[str, str]]:
    """Give the words that say who people in stories are: the word as it is written, and what it means."""
    return [(word, term.label) for word, term in catalogue.ours().vocabulary.appears.items()]
