"""Changing the agreement: proposed by whoever works by it, signed by both teams, in force from a day on."""
