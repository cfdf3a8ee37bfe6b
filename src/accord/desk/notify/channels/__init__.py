"""The channels by which messages go out, one folder each."""
