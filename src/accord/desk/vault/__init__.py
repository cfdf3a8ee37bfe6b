"""Secrets that the desk has to use: tokens, addresses that let whoever has them write, seeds of codes."""
