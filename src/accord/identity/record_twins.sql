-- The people and lead records that keep the id of another tool's record, with that record's subject.
SELECT actor, source, twin, md5(twin) AS other, created_at, occurred_at
FROM facts.people
WHERE twin IS NOT NULL AND actor IS NOT NULL
UNION ALL
SELECT actor, source, twin, md5(twin) AS other, created_at, occurred_at
FROM facts.source_leads
WHERE twin IS NOT NULL AND actor IS NOT NULL
