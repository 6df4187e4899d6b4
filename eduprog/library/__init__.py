"""Pages over the curriculum: browse, prepare, teach."""
