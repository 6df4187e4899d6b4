"""Did it land: counts of the two-minute paper slips given before and after a module. Never a pupil, never shown below ten."""
