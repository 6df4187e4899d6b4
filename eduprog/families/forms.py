"""Shape of what people send: an address to join with, an answer, and nothing else."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from wtforms.fields import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import AnyOf, InputRequired, Length, Regexp, ValidationError

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families.rules import (
    CHANNEL_WORDS,
    LANGUAGES,
    LONGEST_SENTENCE,
    NOTICE_TITLES,
    SHIPPED_LANGUAGES,
    ContactBasis,
    NoticeChannel,
    NoticeKind,
    PromptReply,
)
from eduprog.mail.rules import NotAnAddress, as_address
from eduprog.web.filters import sentence_case
from eduprog.web.forms import DayField, Form

_WRONG = "Enter an email address in the right form, like name@example.com"


class _EmailInput(GovTextInput):  # type: ignore[misc]  # the form library is untyped
    """A field that brings up the keyboard for addresses."""

    input_type = "email"


class JoinForm(Form):
    """An address to write to."""

    address = StringField(
        "Your email address",
        widget=_EmailInput(),
        validators=[InputRequired("Enter your email address"), Length(max=254, message=_WRONG)],
    )
    submit = SubmitField("Send me a link", widget=GovSubmitInput())

    def validate_address(self, field: Any) -> None:
        """Refuse what cannot be written to."""
        try:
            as_address(field.data or "")
        except NotAnAddress:
            raise ValidationError(_WRONG) from None


class ContactsForm(Form):
    """A table of addresses and classes, and why the school may write to them."""

    table = FileField("The table", widget=GovFileInput(), validators=[FileRequired("Choose a CSV or Excel file")])
    basis = RadioField(
        "Why may the school write to them?",
        widget=GovRadioInput(),
        choices={
            ContactBasis.ASK.value: "Ask each of them first: they get one email with a link, and nothing more unless they agree",
            ContactBasis.AGREED.value: "They have agreed already, and the school keeps their agreement",
        },
        validators=[InputRequired("Choose why the school may write to them")],
    )
    submit = SubmitField("Look at what would happen", widget=GovSubmitInput())

    def chosen(self) -> ContactBasis:
        """Give the basis chosen."""
        return ContactBasis(self.basis.data or "")


class SentenceForm(Form):
    """One sentence of a teacher's own; empty takes it out."""

    text = StringField(
        "One sentence from you",
        widget=GovTextInput(),
        validators=[Length(max=400, message=f"Shorten your sentence to {LONGEST_SENTENCE} characters")],
    )
    submit = SubmitField("Keep this sentence", widget=GovSubmitInput())


class ChoicesForm(Form):
    """What a school chooses for its families."""

    version = HiddenField(validators=[InputRequired(), Regexp(r"[0-9]{1,9}")])
    sentences_need_approval = BooleanField("The head of PSHE approves each sentence a teacher adds", widget=GovCheckboxInput())
    draft_languages = SelectMultipleField(
        "Languages in which a machine draft may be shown and sent",
        widget=GovCheckboxesInput(),
        choices={code: f"{LANGUAGES[code].english} ({LANGUAGES[code].own})" for code in SHIPPED_LANGUAGES},
    )
    submit = SubmitField("Save", widget=GovSubmitInput())


class PolicyForm(Form):
    """A policy for families to read."""

    title = StringField(
        "What it is called", widget=GovTextInput(),
        validators=[InputRequired("Enter what the policy is called"), Length(max=120, message="Use 120 characters or fewer")],
    )  # fmt: skip
    document = FileField("The policy as a PDF", widget=GovFileInput(), validators=[FileRequired("Choose a PDF")])
    publish = SubmitField("Publish this policy", widget=GovSubmitInput())


class ConsultationForm(Form):
    """The days between which families are asked."""

    opens_on = DayField("First day", validators=[InputRequired("Enter the first day")])
    closes_on = DayField("Last day", validators=[InputRequired("Enter the last day")])
    ask = SubmitField("Ask families about this policy", widget=GovSubmitInput())


class NoticeForm(Form):
    """A notice that went to all parents and carers."""

    kind = SelectField(
        "Which notice", widget=GovSelect(), choices={kind.value: title for kind, title in NOTICE_TITLES.items()}
    )  # fmt: skip
    year_groups = SelectMultipleField(
        "For which year groups",
        widget=GovCheckboxesInput(),
        choices={year.value: year.label for year in YearGroup},
        validators=[InputRequired("Choose at least one year group")],
    )
    channel = RadioField(
        "By which way to all parents and carers",
        widget=GovRadioInput(),
        choices={channel.value: sentence_case(words) for channel, words in CHANNEL_WORDS.items()},
        validators=[InputRequired("Choose the way by which it went")],
    )
    sent_on = DayField("Sent on", validators=[InputRequired("Enter the day on which it went")])
    submit = SubmitField("Note as sent to all", widget=GovSubmitInput())

    def chosen(self) -> tuple[NoticeKind, list[YearGroup], NoticeChannel]:
        """Give the kind, the year groups and the way."""
        years = [YearGroup(code) for code in self.year_groups.data or []]
        return NoticeKind(self.kind.data), years, NoticeChannel(self.channel.data)


class NotifyForm(Form):
    """A school's own account at GOV.UK Notify."""

    key = StringField(
        "API key",
        widget=GovPasswordInput(),
        validators=[
            InputRequired("Enter the API key"),
            Regexp(r"\s*\S*[0-9a-f-]{36}-[0-9a-f-]{36}\s*", message="Paste the whole key: it ends with two long numbers"),
            Length(max=200, message="This key is too long"),
        ],
    )
    template_id = StringField(
        "Id of the template",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter the id of the template"),
            Regexp(r"\s*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*", message="Copy the template’s id from Notify"),
        ],
    )
    submit = SubmitField("Send through this account", widget=GovSubmitInput())


class ReplyForm(Form):
    """One of two buttons about one activity. The signed link is the proof, so it carries no token."""

    class Meta:
        """Behind a signed link no cookie is needed."""

        csrf = False

    module_id = HiddenField(validators=[InputRequired(), Length(max=20)])
    reply = HiddenField(validators=[AnyOf([reply.value for reply in PromptReply])])

    def chosen(self) -> PromptReply:
        """Give the button pressed."""
        return PromptReply(self.reply.data or "")
