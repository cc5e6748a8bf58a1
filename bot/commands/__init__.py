"""Commands: one file a topic, Call → Reply; COMMANDS (in registry.py) is the explicit list."""
