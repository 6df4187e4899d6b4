"""Checks of acts: their minutes, whom they are for, the way to help in each, and what keeps a closed pack closed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from eduprog.curriculum.checks.context import BOUNDS, Context, words
from eduprog.curriculum.checks.help_cards import SAID_ON_EVERY_CARD, known_sources
from eduprog.curriculum.checks.lists import repeated
from eduprog.curriculum.help_sources import HelpAudience, HelpSource
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.schema.acts import Act, HelpDoors
from eduprog.curriculum.text.places import Path, Places
from eduprog.curriculum.vocabulary import ActAudience, ActForm, ActKind, Gate, Message, Stage

_MINUTES = {
    ActKind.STAFF_BRIEFING: (30, 30),
    ActKind.PARENT_SESSION: (45, 60),
    ActKind.ASSEMBLY: (10, 12),
    ActKind.CLOSED_SESSION: (40, 50),
}
_CARD_WORDS = {ActKind.HELP_POSTER: (150, 200), ActKind.POCKET_CARD: (120, 160)}
_SECRECY = re.compile(r"\bsecret|\bconfidential", re.IGNORECASE)
_WAY_TO_HELP = re.compile(r"\bhelp (?:card|poster)s?\b|\bpocket cards?\b|\bthree doors\b", re.IGNORECASE)
_PASS = re.compile(r"\bpass\b", re.IGNORECASE)
_QUESTION_BOX = re.compile(r"\bquestion box\b", re.IGNORECASE)
_READERS = {
    ActAudience.PUPILS: HelpAudience.PUPIL,
    ActAudience.PARENTS: HelpAudience.PARENT,
    ActAudience.STAFF: HelpAudience.STAFF,
    ActAudience.PARTNERS: HelpAudience.STAFF,
}
_MOST_BOARD_WORDS = 40


def check_acts(reading: Reading, context: Context) -> None:
    """Note what acts lack, name wrongly or would show to people they are not for."""
    owners: dict[str, PurePosixPath] = {}
    for part in reading.acts:
        act, places = part.value, part.places
        if act is None:
            continue
        if places.file.stem != act.id:
            places.fault_at(("id",), f'The file is "{places.file.name}" but the act says "{act.id}"; rename one of them.')
        if act.id in owners:
            places.fault_at(("id",), f'The id "{act.id}" belongs to {owners[act.id]} already; every act has its own.')
        owners.setdefault(act.id, places.file)
        _check_gate(act, places)
        _check_stages(act, places)
        _check_handouts(act, places)
        if act.form is ActForm.HELP:
            _check_doors(act, places, context.help_sources)
        else:
            _check_if_told(act, places)
            _check_sources(act, places, context.help_sources)
        if act.form is ActForm.SESSION and act.parts:
            _check_session(act, places)


def youngest(act: Act) -> Stage | None:
    """Return the youngest stage an act is for, None if it is for no stage in particular."""
    return min(act.stages, key=list(Stage).index, default=None)


def _check_gate(act: Act, places: Places) -> None:
    if act.gate in (Gate.W, Gate.W_UNSETTLED):
        places.fault_at(("gate",), "No act contains sex education; its gate is G0, G1 or, for a closed pack, G2.")
    if act.kind.is_closed is not act.is_closed:
        places.fault_at(("gate",), "A closed pack has gate G2, and nothing but a closed pack has it.")
    if act.is_closed and act.stages != (Stage.U2,):
        places.fault_at(("stages",), "The closed pack is for upper key stage 2 alone; write `stages: [U2]`.")


def _check_stages(act: Act, places: Places) -> None:
    if not act.stages and act.audience is ActAudience.PUPILS:
        places.fault_at(("stages",), "What pupils hear or read names its stages, such as `stages: [L2, U2]`.")
    repeated(act.stages, ("stages",), places, "stage")
    if act.form is ActForm.HELP and len(act.stages) != 1:
        places.fault_at(("stages",), "A poster or card is written for one stage; name exactly one.")


def _check_handouts(act: Act, places: Places) -> None:
    repeated([handout.id for handout in act.handouts], ("handouts",), places, "handout")
    for index, handout in enumerate(act.handouts):
        if handout.reader is ActAudience.PUPILS and not (handout.stages or act.stages):
            places.fault_at(("handouts", index), "A sheet for pupils names its stages, here or for the whole act.")
        if act.stages and not set(handout.stages) <= set(act.stages):
            places.fault_at(("handouts", index, "stages"), "A sheet is for some of the stages of its act, not for others.")


def _check_if_told(act: Act, places: Places) -> None:
    if act.if_told and "{{dsl}}" not in act.if_told:
        places.fault_at(("if_told",), "This part must name {{dsl}}, to whom every concern goes.")
    if act.if_told and not _SECRECY.search(act.if_told):
        places.fault_at(("if_told",), "This part must say that nobody promises to keep it secret.")


def _check_sources(act: Act, places: Places, sources: Mapping[str, HelpSource] | None) -> None:
    if act.audience in (ActAudience.PUPILS, ActAudience.PARENTS) and act.form is ActForm.SESSION and not act.sources:
        places.fault(1, 'A session for pupils or parents has "Where to get help" with at least one `- source: …`; add it.')
    if sources is not None:
        known = known_sources(act.sources, ("sources",), _READERS[act.audience], places, sources)
        if act.audience is ActAudience.PUPILS:
            _check_ages(act, known, ("sources",), places)


def _check_ages(act: Act, known: Iterable[tuple[int, HelpSource]], path: Path, places: Places) -> None:
    ages = [BOUNDS[stage].ages for stage in act.stages]
    for index, source in known:
        if ages and not any(source.ages.first <= last and first <= source.ages.last for first, last in ages):
            sentence = (
                f"{source.name} is shown to ages {source.ages.first} to {source.ages.last}, not to {', '.join(act.stages)}."
            )
            places.fault_at((*path, index), sentence)


def _check_session(act: Act, places: Places) -> None:
    total = sum(part.minutes for part in act.parts)
    if act.minutes is None:
        places.fault_at(("minutes",), "A session has a length; name its minutes.")
    elif total != act.minutes:
        places.fault_at(("minutes",), f"The act says {act.minutes} minutes but its parts add up to {total}.")
    least, most = _MINUTES[act.kind]
    if act.minutes is not None and not least <= act.minutes <= most:
        allowed = str(least) if least == most else f"{least} to {most}"
        places.fault_at(("minutes",), f"A {act.kind} has {allowed} minutes, not {act.minutes}.")
    stage = youngest(act)
    limit = BOUNDS[stage].board_words if stage and act.audience is ActAudience.PUPILS else _MOST_BOARD_WORDS
    for index, part in enumerate(act.parts):
        count = words(part.board)
        if count > limit:
            places.fault_at(("parts", index, "board"), f"The board has {count} words; at most {limit} fit here.")
    if act.audience is ActAudience.PUPILS:
        _check_pupil_session(act, places)


def _check_pupil_session(act: Act, places: Places) -> None:
    for field in ("strands", "messages"):
        if not getattr(act, field):
            places.fault_at((field,), f"What pupils meet in a session is counted; name its {field}.")
    if act.stages and not any(stage.is_primary for stage in act.stages) and Message.POSITIVE not in act.messages:
        places.fault_at(("messages",), "The positive message P is missing; every session for pupils from K3 on carries it.")
    first, last = act.parts[0], act.parts[-1]
    if not _WAY_TO_HELP.search(f"{last.do} {last.say}"):
        path = ("parts", len(act.parts) - 1)
        places.fault_at(path, "The last part must point to the help poster, help card or pocket card.")
    if act.kind is ActKind.CLOSED_SESSION:
        if not _PASS.search(f"{first.say} {first.board}"):
            places.fault_at(("parts", 0), "The first part does not name the right to pass; say it in Say or On the board.")
        if not any(_QUESTION_BOX.search(f"{part.do} {part.say}") for part in act.parts):
            places.fault_at(("parts", 0), "No part has the question box; a closed session needs it.")


def _check_doors(act: Act, places: Places, sources: Mapping[str, HelpSource] | None) -> None:
    card = act.help_doors
    if card is None:
        return
    for said, pattern in SAID_ON_EVERY_CARD.items():
        if not pattern.search(card.not_your_fault):
            places.fault_at(("help_doors", "not_your_fault"), f'This part must say "{said}".')
    if "{{dsl}}" not in card.people:
        places.fault_at(("help_doors", "people"), "The people in school must include {{dsl}}.")
    _check_third_door(act, card, places)
    _check_size(act, card, places)
    if sources is not None:
        _check_card_sources(act, card, places, sources)


def _check_third_door(act: Act, card: HelpDoors, places: Places) -> None:
    if not act.stages or act.stages[0].is_primary:
        return
    if not card.something_i_did.sources:
        sentence = "From K3 the third door names where to turn, such as `- source: shore` or `- source: childline`."
        places.fault_at(("help_doors", "something_i_did"), sentence)


def _check_size(act: Act, card: HelpDoors, places: Places) -> None:
    texts = [card.people, card.source_note, card.what_happens_next, card.not_your_fault]
    texts += [text for door in card.doors for text in (door.title, door.text)]
    count = sum(words(text) for text in texts)
    primary, secondary = _CARD_WORDS[act.kind]
    limit = primary if act.stages and act.stages[0].is_primary else secondary
    if count > limit:
        places.fault_at(("help_doors",), f"The {act.kind} has {count} words; at most {limit} can be read at a glance.")


def _check_card_sources(act: Act, card: HelpDoors, places: Places, sources: Mapping[str, HelpSource]) -> None:
    lists: list[tuple[Path, tuple[str, ...]]] = [(("help_doors", "sources"), card.sources)]
    fields = ("happened_to_me", "a_friend", "something_i_did")
    lists += [(("help_doors", field, "sources"), getattr(card, field).sources) for field in fields]
    for path, named in lists:
        known = known_sources(named, path, HelpAudience.PUPIL, places, sources)
        _check_ages(act, known, path, places)
