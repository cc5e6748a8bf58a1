"""Kinds of sources against servers that behave like their networks, on 127.0.0.1: fetcher, parser and poll are the real ones."""
