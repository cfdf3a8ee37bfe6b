"""Many leads at once: given, returned, recycled or paused, with a preview and ten minutes to undo it."""
