"""The page that a person opens after an evaluation: one file, without anything fetched from elsewhere."""
