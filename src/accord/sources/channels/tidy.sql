-- The working tables that the filled touches do not read.
DROP TABLE touch_evidence;
DROP TABLE touch_sources;
DROP TABLE source_categories;
DROP TABLE channel_sources;
