"""The plan of a revenue target: what it takes, how likely it is, and where a miss arose."""
