-- Events and deals that keep the id of the same event in another tool, with that event's subject.
SELECT 'deals' AS table_name, subject, md5(twin) AS other, source, twin, occurred_at AS at
FROM facts.deals
WHERE twin IS NOT NULL
UNION ALL
SELECT 'touches' AS table_name, subject, md5(twin) AS other, source, twin, occurred_at AS at
FROM facts.touches
WHERE twin IS NOT NULL
UNION ALL
SELECT 'activities' AS table_name, subject, md5(twin) AS other, source, twin, occurred_at AS at
FROM facts.activities
WHERE twin IS NOT NULL
