"""Writes of reminders: make those whose time has come, and keep what people choose."""

from eduprog.reminders.actions.choosing import NotForYourRole, choose
from eduprog.reminders.actions.preparing import prepare_due

__all__ = ["NotForYourRole", "choose", "prepare_due"]
