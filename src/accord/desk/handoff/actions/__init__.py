"""What changes a handoff: made, assigned, answered, held, swept. Each in one transaction with its facts."""
