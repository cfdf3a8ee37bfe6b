"""What changes messages: telling people, what each wants to hear, and keeping addresses in order."""
