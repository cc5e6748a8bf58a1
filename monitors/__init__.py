"""Reads the world and judges it; knows no Telegram, no chat, no settings."""
