"""What staff hear and when: the Monday message, a note the day before, and one reminder of a record that is missing."""
