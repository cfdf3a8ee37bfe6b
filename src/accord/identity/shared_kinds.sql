-- Kinds of touches and activities that more than one tool records: only these can be recorded twice.
SELECT 'touches' AS table_name, kind FROM facts.touches GROUP BY kind HAVING min(source) <> max(source)
UNION ALL
SELECT 'activities' AS table_name, kind FROM facts.activities GROUP BY kind HAVING min(source) <> max(source)
