"""Tells people: chats, messages, commands. Imports monitors; nothing in monitors imports this."""
