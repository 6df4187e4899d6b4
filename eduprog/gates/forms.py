"""Shape of what a safeguarding lead sends."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput
from wtforms.fields import SelectField, SubmitField
from wtforms.validators import InputRequired

from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.gates.rules import PauseScope
from eduprog.web.forms import Form


class PauseForm(Form):
    """What to put on hold. No reason is asked for."""

    subject = SelectField("What should stop now?", widget=GovSelect(), validators=[InputRequired("Choose what to put on hold")])
    submit = SubmitField("Put on hold", widget=GovSubmitInput())

    @classmethod
    def offering(cls, **kwargs: Any) -> PauseForm:
        """Make the form with every module, strand and year group to choose from."""
        form = cls(**kwargs)
        offered = {"": "Choose one"}
        offered |= {f"strand:{strand.value}": f"Strand: {strand.label}" for strand in Strand}
        offered |= {f"year_group:{year.value}": f"Year group: {year.label}" for year in YearGroup}
        live = (module for module in catalogue.current().modules.values() if module.is_live)
        form.subject.choices = offered | {f"module:{module.id}": f"Module: {module.id} {module.title}" for module in live}
        return form

    def chosen(self) -> tuple[PauseScope, str]:
        """Give the scope and what it names."""
        scope, subject = str(self.subject.data).split(":", 1)
        return PauseScope(scope), subject
