"""A lesson of a bought scheme as a module like our own: the school's material, and follow-ups in words that fit any lesson."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eduprog.curriculum.programme import ProgrammeEntry
from eduprog.curriculum.schema import (
    Evidence,
    FollowUpContent,
    HelpCard,
    HomeActivity,
    Lesson,
    LessonModule,
    Person,
    PreparedQuestion,
    Scenario,
    StaffNote,
    Status,
    Step,
)
from eduprog.curriculum.vocabulary import (
    EvidenceTag,
    FollowUpPoint,
    Gate,
    Grouping,
    HalfTermBlock,
    Message,
    Method,
    Skill,
    Strand,
    YearGroup,
    stage_of,
)

MESSAGE_OF = {
    Strand.RESPECT: Message.POSITIVE, Strand.CONSENT: Message.NOT_HARMING, Strand.BOUNDARIES: Message.PEOPLE_KNOWN,
    Strand.HELP_SEEKING: Message.EXPECT_DIFFICULTY, Strand.MEDIA: Message.CRITICAL_THINKING,
}  # fmt: skip
_OFFLINE = "Somebody of your age is in a situation like the one in that lesson, at school. They are not sure what to do."
_ONLINE = "Somebody of your age is in a situation like the one in that lesson, in a group chat. They are not sure what to do."
_ASK = "What could they say or do? Who could help?"
_TALK = "If a child tells you something, listen, thank them, promise no secrecy, and go to your DSL the same day."


@dataclass(frozen=True)
class Mapped:
    """What is known of a lesson of a bought scheme. Clauses are only those a person has confirmed."""

    module_id: str
    source: str
    title: str
    year: YearGroup
    block: HalfTermBlock
    minutes: int
    strand: Strand
    skills: tuple[Skill, ...]
    methods: tuple[Method, ...]
    clauses: tuple[str, ...]
    added_on: date
    live: bool
    revision: int


def entry_of(one: Mapped) -> ProgrammeEntry:
    """Give the place of a mapped lesson in the programme."""
    return ProgrammeEntry(id=one.module_id, title=one.title, strand=one.strand, years=(one.year,), half_term=one.block)


def module_of(one: Mapped) -> LessonModule:
    """Give a mapped lesson as a module of one lesson."""
    skills = one.skills or (Skill.HS,)
    return LessonModule(
        id=one.module_id, slug="own", title=one.title, stage=stage_of(one.year), strand=one.strand, years=(one.year,),
        outcome=f"Taught from {one.source}.", pupil_outcome=one.title, skills=skills, messages=(MESSAGE_OF[one.strand],),
        statements=(), gates=(Gate.G0,), builds_on=(), leads_to=(), revision=one.revision, authors=one.source, check_pair=(),
        evidence=Evidence(
            tag=EvidenceTag.EXPERT, rows=(), note=f"A lesson of {one.source}; what it rests on has not been looked at here."
        ),
        status=Status.LIVE if one.live else Status.RETIRED,
        why_now=f"It is part of {one.source}.", learn=(one.title,), words=(),
        ground_rules=("We listen.", "We may pass.", "We talk about people in stories, not about people we know."),
        send=("Adapt as your own material says.",), eal=("Show and say the key words of the lesson before it.",),
        help_card=_help_card(), whole_school_hook="Say at a staff meeting what the class is learning.",
        not_taught=("Anything beyond your own material.",),
        clauses=frozenset(one.clauses), lessons=(_lesson(one, skills),),
        follow_ups={point: _follow_up(one, point, skills) for point in FollowUpPoint},
        home_activity=_home_activity(one), staff_note=_staff_note(one),
    )  # fmt: skip


def _lesson(one: Mapped, skills: tuple[Skill, ...]) -> Lesson:
    step = Step(
        number=1, title=one.title, minutes=one.minutes, method=one.methods[0] if one.methods else Method.DISCUSSION,
        grouping=Grouping.WHOLE_CLASS, skills=skills, clauses=one.clauses, do=f"Teach this lesson from {one.source}.",
        say="> Today's lesson begins with our ground rules. You may pass, and you can talk to me afterwards.", board=one.title,
    )  # fmt: skip
    person = Person(name="Somebody", tags=("peer",))
    scenario = Scenario(id="own", title=one.title, people=(person,), offline=_OFFLINE, online=_ONLINE, ask=_ASK)
    return Lesson(
        number=1, title=one.title, minutes=one.minutes, aim=one.title, need=(f"Your material of {one.source}",), splits=(),
        scenarios=(scenario,), exit_check=(), steps=(step,),
    )  # fmt: skip


def _follow_up(one: Mapped, point: FollowUpPoint, skills: tuple[Skill, ...]) -> FollowUpContent:
    about = f"our lesson “{one.title}”"
    if point is FollowUpPoint.R1:
        say = f"> Think back to {about}. Tell a partner one thing you remember and one thing that helps. You may pass."
        return _content(one, point, 3, Method.PAIR_TALK, Grouping.PAIRS, skills, say)
    if point is FollowUpPoint.R2:
        say = f"> Here is somebody new. What from {about} could help them? {_ASK}"
        return _content(one, point, 3, Method.SCENARIO, Grouping.PAIRS, skills, say, offline=_OFFLINE, online=_ONLINE)
    if point is FollowUpPoint.R3:
        say = f"> Act it out in pairs: {_ASK} Swap. Watching is fine too."
        content = _content(one, point, 10, Method.ROLE_PLAY, Grouping.PAIRS, skills, say, offline=_OFFLINE, online=_ONLINE)
        return content.model_copy(update={"step_out": "> Shake it off. You are yourselves again."})
    say = f"> Last year we had {about}. Show with your thumb, eyes shut, how well you remember what helps."
    return _content(one, point, 5, Method.QUIZ, Grouping.WHOLE_CLASS, skills, say)


def _content(
    one: Mapped, point: FollowUpPoint, minutes: int, method: Method, grouping: Grouping, skills: tuple[Skill, ...], say: str,
    offline: str = "", online: str = "",
) -> FollowUpContent:  # fmt: skip
    return FollowUpContent(
        point=point, minutes=minutes, method=method, grouping=grouping, skills=skills, messages=(MESSAGE_OF[one.strand],),
        say=say, board=f"{one.title}\n\n{_ASK}", offline=offline, online=online, do="Say it, give a minute, hear two or three.",
        listen_for="What helps, and whom they would ask.", if_unsure="Teach the lesson's main idea again.",
    )  # fmt: skip


def _home_activity(one: Mapped) -> HomeActivity:
    return HomeActivity(
        module=one.module_id, title="Talk about it together", minutes=5, sex_education=False,
        subject_line="Something to talk about together", what_we_did=f"In class we had the lesson “{one.title}”.",
        together=("Ask your child to tell you one thing from the lesson.", "Tell them one thing you find helpful yourself."),
        question="What would help somebody in a story like that?", avoid="You should have known better.",
        instead="Thank you for telling me. What would help now?",
        if_told="If your child tells you something that worries you, stay calm, thank them, and ring the school.",
        help_sources=("childline",),
    )  # fmt: skip


def _help_card() -> HelpCard:
    return HelpCard(
        people="Talk to {{dsl}}, {{trusted_adult_place}}, or any adult you trust.", sources=("childline",),
        what_happens_next="The adult listens and helps. They tell only people who need to know to help.",
        not_your_fault="If somebody hurts you or makes you feel bad, it is not your fault.",
    )  # fmt: skip


def _staff_note(one: Mapped) -> StaffNote:
    return StaffNote(
        module=one.module_id, law=(), in_one_minute=f"Read the notes of {one.source} first. {_TALK}",
        may_come_up=("Something that happened to a child, at home, in school or online.",),
        words_to_use="> Thank you for telling me. You are not in trouble. I will help, and I cannot keep it secret.",
        if_told=_TALK, no_secrets="> I can't promise to keep it secret, because I want to help.",
        questions=(
            PreparedQuestion(question="Did this happen to you?", answer="> Here we talk about people in stories."),
        ),
        before=(f"Look at your material of {one.source}.",),
        no_app_needed="You need not know the app or game a child names. Ask what happened and how they feel.",
    )  # fmt: skip
