"""What the library gives to take away: plans, handouts, follow-ups, help cards and acts as tagged PDFs."""
