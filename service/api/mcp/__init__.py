"""The Model Context Protocol: the collection and its answers as tools and resources for agents."""
