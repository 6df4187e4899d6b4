"""The table of statutory notices: letters a school sent to all parents and carers in its own way."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eduprog.core.db import Base
from eduprog.core.tenancy import SchoolOwned, owned
from eduprog.families.rules import NoticeChannel, NoticeKind


class SentNotice(SchoolOwned, Base):
    """A notice as it went: which wording, about which year groups (codes with a comma between), by which way, on which day."""

    __tablename__ = "sent_notice"
    __table_args__ = owned()

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NoticeKind]
    wording: Mapped[str] = mapped_column(String(40))
    year_groups: Mapped[str] = mapped_column(String(100))
    channel: Mapped[NoticeChannel]
    sent_on: Mapped[date]
    noted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime]
