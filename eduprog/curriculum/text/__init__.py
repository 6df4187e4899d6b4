"""Reading the two notations lesson files are written in, YAML and Markdown headings, with the line of everything read."""
