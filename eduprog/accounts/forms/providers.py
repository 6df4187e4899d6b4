"""The shape of what an admin says about a provider, and of the answer that somebody brings back from one."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovPasswordInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms.fields import BooleanField, HiddenField, PasswordField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from eduprog.accounts.actions import ProviderChoice
from eduprog.accounts.rules import Provider, ProviderKind, domains_in, is_domain, issuer_of
from eduprog.web.forms import Form


def _stripped(typed: str | None) -> str | None:
    return typed.strip() if typed else typed


def _up_to(longest: int, what: str) -> Length:
    return Length(max=longest, message=f"{what} must be {longest} characters or fewer")


class AnswerForm(Form):
    """What a provider gave a browser to bring back: a code, our own word that we asked, and who the provider says it is."""

    code = HiddenField(validators=[InputRequired(), Length(max=4000)])
    state = HiddenField(validators=[InputRequired(), Length(max=200)])
    iss = HiddenField(validators=[Optional(), Length(max=300)])
    shared = BooleanField("Other people use this computer", widget=GovCheckboxInput())
    submit = SubmitField("Go on", widget=GovSubmitInput())


class ProviderForm(Form):
    """Where people have accounts, how it knows us, and which addresses it may vouch for."""

    version = HiddenField(default="0", validators=[Regexp(r"[0-9]{1,9}")])
    kind = RadioField(
        "Where do people have their accounts?",
        widget=GovRadioInput(),
        choices={kind.value: kind.label for kind in ProviderKind},
        validators=[InputRequired("Choose where people have their accounts")],
    )
    name = StringField(
        "Name on the button",
        widget=GovTextInput(),
        description="What people call it, such as Microsoft 365. The button says: Sign in with Microsoft 365.",
        filters=[_stripped],
        validators=[InputRequired("Enter the name for the button"), _up_to(60, "Name")],
    )
    place = StringField(
        "Tenant id or issuer",
        widget=GovTextInput(),
        description="Google: leave it empty. Microsoft: the directory (tenant) id, on the overview of your app registration. "
        "Another: the issuer, such as https://login.trust.example.",
        filters=[_stripped],
        validators=[_up_to(255, "Tenant id or issuer")],
    )
    domains = TextAreaField(
        "Addresses end in",
        widget=GovTextArea(),
        description="One a line, such as oakfield.sch.uk. Only these may sign in. Each must be your own, and has one provider.",
        validators=[InputRequired("Enter what the addresses end in, such as oakfield.sch.uk"), _up_to(4000, "Domains")],
    )
    client_id = StringField("Client id", widget=GovTextInput(), filters=[_stripped], validators=[_up_to(255, "Client id")])
    secret = PasswordField(
        "Client secret",
        widget=GovPasswordInput(),
        description="Kept encrypted and never shown again. Leave it empty to keep the one we have.",
        filters=[_stripped],
        validators=[_up_to(500, "Client secret")],
    )
    trusts_second_step = BooleanField(
        "Ask for no code here when the provider says it asked for a second step",
        widget=GovCheckboxInput(),
    )
    only = BooleanField(
        "With these addresses people sign in only this way",
        widget=GovCheckboxInput(),
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    @staticmethod
    def shown(provider: Provider, version: int) -> dict[str, Any]:
        """Give what the fields say of a provider; its secret is never among it."""
        place = provider.issuer
        if provider.kind is ProviderKind.MICROSOFT:
            place = provider.issuer.split("/")[3]
        return {
            "version": str(version), "kind": provider.kind.value, "name": provider.name, "client_id": provider.client_id,
            "place": "" if provider.kind is ProviderKind.GOOGLE else place, "domains": "\n".join(sorted(provider.domains)),
            "trusts_second_step": provider.trusts_second_step, "only": provider.only,
        }  # fmt: skip

    def validate_place(self, field: StringField) -> None:
        """Refuse what no provider can be found by."""
        if self.kind.data not in set(ProviderKind):
            return
        kind = ProviderKind(self.kind.data)
        if issuer_of(kind, field.data or "") is None:
            of_microsoft = kind is ProviderKind.MICROSOFT
            wanted = "the tenant id, such as 11111111-2222-3333-4444-555555555555" if of_microsoft else "an https address"
            raise ValidationError(f"Tenant id or issuer must be {wanted}")

    def validate_domains(self, field: TextAreaField) -> None:
        """Refuse what addresses cannot end in."""
        wrong = [word for word in domains_in(field.data or "") if not is_domain(word)]
        if wrong:
            raise ValidationError(f"“{wrong[0][:60]}” is not what an address ends in; write it like oakfield.sch.uk")

    def choice(self) -> ProviderChoice:
        """Give what was said, ready for the action."""
        kind = ProviderKind(self.kind.data)
        return ProviderChoice(
            kind=kind,
            name=self.name.data or "",
            issuer=issuer_of(kind, self.place.data or "") or "",
            client_id=self.client_id.data or "",
            secret=self.secret.data or "",
            domains=tuple(domains_in(self.domains.data or "")),
            trusts_second_step=bool(self.trusts_second_step.data),
            only=bool(self.only.data),
        )
