"""What happened: fact tables, the one writer, the builds, the engine, and what was known when."""
