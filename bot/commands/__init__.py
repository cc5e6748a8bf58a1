"""One file a topic of commands: Call → Reply."""
