"""What the service keeps of its own running: a log of answers, feedback on them, API keys. Knows no HTTP."""
