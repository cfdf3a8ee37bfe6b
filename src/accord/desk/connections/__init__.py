"""Connections: folders into which other tools write their exports, read as soon as something lies there."""
