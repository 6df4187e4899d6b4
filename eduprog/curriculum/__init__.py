"""The curriculum: lessons, follow-ups, frameworks and help sources as values read from files, without database or web."""
