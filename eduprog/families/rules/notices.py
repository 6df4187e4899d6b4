"""Statutory notices: letters to all parents and carers, for the school's own way to reach them. Never part of a digest."""

from __future__ import annotations

from dataclasses import dataclass

from eduprog.families.rules.states import NoticeChannel, NoticeKind

NOTICE_WORDING = "notice-2026-11"
NOTICE_TITLES = {
    NoticeKind.MATERIALS: "What we teach in relationships education, and how to see all of it",
    NoticeKind.SEX_EDUCATION: "Lessons that contain sex education, and your right to withdraw your child",
    NoticeKind.CONSULTATION: "We ask you about our policy on relationships and sex education",
    NoticeKind.POLICY: "Our policy on relationships and sex education",
    NoticeKind.EARLIER: "A lesson that we will teach earlier than planned",
}
CHANNEL_WORDS = {
    NoticeChannel.SCHOOL_APP: "the school's app",
    NoticeChannel.SCHOOL_EMAIL: "the school's email to all parents and carers",
    NoticeChannel.PAPER: "a letter on paper",
    NoticeChannel.WEBSITE: "the school's website",
}
_RIGHT = (
    "You have the right to ask that your child is withdrawn from some or all of sex education. Please write to the head teacher. "
    "In a primary school the head teacher will agree. In a secondary school the head teacher will talk with you first, and may "
    "refuse only in exceptional circumstances.",
    "From three terms before your child turns 16, your child may choose to have sex education, whatever was asked before.",
    "There is no right to withdraw from relationships education, health education or the national curriculum for science.",
)
_ALL = (
    "You may see all the materials we use: every lesson plan, slide, film, handout and test. Ask the school office, or use the "
    "link or code the school has given you. We are glad to talk them through with you."
)
_BODIES: dict[NoticeKind, tuple[str, ...]] = {
    NoticeKind.MATERIALS: (
        "This year {years} have lessons about relationships, staying safe and getting help. They follow the statutory guidance "
        "for schools in England.",
        _ALL,
    ),
    NoticeKind.SEX_EDUCATION: (
        "Some lessons of {years} this year contain sex education. They are marked in the list of lessons, which you can see "
        "beforehand.",
        *_RIGHT,
        _ALL,
    ),
    NoticeKind.CONSULTATION: (
        "We are looking at our policy on relationships and sex education again, and would like to know what you think. It is "
        "about the lessons of {years}.",
        "You may read the policy on the school's website, or ask the office for a copy, which is free. There are four short "
        "questions, to be answered online or on paper. Pupils and staff are asked too.",
        "We will tell you what was said and what we do about it.",
    ),
    NoticeKind.POLICY: (
        "The governors have agreed our policy on relationships and sex education. It says what {years} are taught, when, by "
        "whom, and how we check that it works.",
        "You may read it on the school's website, or ask the office for a copy, which is free.",
        *_RIGHT,
    ),
    NoticeKind.EARLIER: (
        "We will teach a lesson to {years} earlier than our plan said, because our pupils need it now. The head teacher and the "
        "designated safeguarding lead have decided so, and the reason is recorded.",
        _ALL,
    ),
}


@dataclass(frozen=True)
class Notice:
    """A notice as it goes out: which wording it is, its title, its paragraphs, and who signs it."""

    kind: NoticeKind
    wording: str
    title: str
    paragraphs: tuple[str, ...]
    school: str


def notice(kind: NoticeKind, *, school: str, years: str, ways: str) -> Notice:
    """Write a notice about the lessons of these year groups."""
    body = tuple(paragraph.format(years=years) for paragraph in _BODIES[kind])
    paragraphs = ("Dear parents and carers,", *body, f"Questions? Please ask us: {ways}.")
    return Notice(kind, NOTICE_WORDING, NOTICE_TITLES[kind], paragraphs, school)


def as_text(letter: Notice) -> str:
    """Give a notice as plain text, to paste into an app or an email."""
    return "\n\n".join((letter.title, *letter.paragraphs, letter.school)) + "\n"
