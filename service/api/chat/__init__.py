"""The protocol of OpenAI's chat completions: an Answer for the front ends that speak it."""
