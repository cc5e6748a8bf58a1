"""Where chats are: one module a messaging platform."""
