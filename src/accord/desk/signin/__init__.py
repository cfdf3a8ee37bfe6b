"""Signing in: passwords and how often they may be tried, and the second factor."""
