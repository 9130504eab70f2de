"""The service as it is run, under random requests, load and misuse. Talks HTTP alone."""
