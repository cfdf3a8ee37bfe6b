-- Leads of the asked channel and segment.
SELECT l.*
FROM leads AS l
CROSS JOIN asked AS a
WHERE (a.channel IS NULL OR l.channel = a.channel) AND (a.segment IS NULL OR l.segment = a.segment)
