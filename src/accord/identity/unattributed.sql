-- Facts that name nobody: kept out of the timeline, and counted.
SELECT 'touches' AS table_name, 'no actor' AS reason, count(*) AS n FROM facts.touches WHERE actor IS NULL
HAVING count(*) > 0
UNION ALL
SELECT 'activities' AS table_name, 'no actor' AS reason, count(*) AS n FROM facts.activities WHERE actor IS NULL
HAVING count(*) > 0
UNION ALL
SELECT 'stage_moves' AS table_name, 'no actor' AS reason, count(*) AS n FROM facts.stage_moves WHERE actor IS NULL
HAVING count(*) > 0
UNION ALL
SELECT 'deals' AS table_name, 'no person' AS reason, count(*) AS n FROM deals_counted WHERE person IS NULL
HAVING count(*) > 0
