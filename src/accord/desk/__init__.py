"""The desk: the pages on which both teams see the numbers and act on them. It alone knows Django."""
