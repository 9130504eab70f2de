"""A question as somebody wrote it in, the question as the collection would write it out. Knows no answers."""
