"""Source files in, ranked passages out: articles, passages, snapshots and retrieval. Knows no answers and no HTTP."""
