"""What a delivery owes next: four follow-ups, dated by the school's own calendar."""
