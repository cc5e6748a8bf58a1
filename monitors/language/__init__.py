"""Words and their meaning; pure."""
