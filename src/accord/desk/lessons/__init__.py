"""What sales' answers teach: looked at every week, with edits of the agreement worth proposing."""
