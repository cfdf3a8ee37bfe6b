-- The records that another record names as its twin.
SELECT subject, actor
FROM facts.people
WHERE subject IN (SELECT other FROM record_twins) AND actor IS NOT NULL
UNION ALL
SELECT subject, actor
FROM facts.source_leads
WHERE subject IN (SELECT other FROM record_twins) AND actor IS NOT NULL
