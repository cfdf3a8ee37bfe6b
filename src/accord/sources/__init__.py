"""Where facts come from: files by a mapping, vendors, the demo company."""
