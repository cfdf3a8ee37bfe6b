"""The arithmetic of promises: open time, clocks and their receipts, routing, grades of evidence. Pure."""
