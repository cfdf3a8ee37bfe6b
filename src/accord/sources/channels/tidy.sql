-- The working tables are gone when the touches are filled.
DROP VIEW touches_keyed;
DROP VIEW touches_staged;
DROP TABLE touch_evidence;
DROP TABLE touch_sources;
DROP TABLE source_categories;
DROP TABLE touch_origins;
DROP TABLE channel_sources;
