-- Names that must end in different people, the later record second: it is the one that gives way.
WITH since AS (
    SELECT actor, min(coalesce(created_at, occurred_at)) AS since
    FROM (
        SELECT actor, created_at, occurred_at FROM facts.people
        UNION ALL
        SELECT actor, created_at, occurred_at FROM facts.source_leads
    ) AS records
    WHERE actor IN (SELECT a FROM parted WHERE apart UNION SELECT b FROM parted WHERE apart)
    GROUP BY actor
), dated AS (
    SELECT
        first.name_no AS a_no,
        second.name_no AS b_no,
        coalesce(a_since.since, TIMESTAMP '0001-01-01') AS a_since,
        coalesce(b_since.since, TIMESTAMP '0001-01-01') AS b_since
    FROM parted
    JOIN names AS first ON parted.a = first.actor
    JOIN names AS second ON parted.b = second.actor
    LEFT JOIN since AS a_since ON parted.a = a_since.actor
    LEFT JOIN since AS b_since ON parted.b = b_since.actor
    WHERE parted.about = 'person' AND parted.apart
)
SELECT
    CASE WHEN a_since > b_since THEN b_no ELSE a_no END AS stays_no,
    CASE WHEN a_since > b_since THEN a_no ELSE b_no END AS leaves_no
FROM dated
