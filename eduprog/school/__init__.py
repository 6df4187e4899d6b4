"""Academic years, half-terms, closures, the timetable and the classes of a school."""
