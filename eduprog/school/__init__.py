"""A school's calendar, timetable and classes."""
