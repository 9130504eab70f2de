"""What a request must pass before a route sees it: key, origin, rate, room. Plain ASGI, a few microseconds."""
