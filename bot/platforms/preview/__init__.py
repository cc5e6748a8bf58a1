"""A local Bot API endpoint with a chat page: Rasad without a token, and the tests' Telegram."""
