-- The periods the scoreboard is worked out for when building: all weeks, months, quarters and years begun by now, and
-- the whole of time. `before_at` begins the period before, which ends where this one starts.
WITH begun AS (
    SELECT p.kind, p.label, p.starts_utc AS start_at, p.ends_utc AS end_at,
           coalesce(lag(p.starts_utc) OVER (PARTITION BY p.kind ORDER BY p.starts_utc),
                    p.starts_utc - (p.ends_utc - p.starts_utc)) AS before_at
    FROM periods AS p
    CROSS JOIN as_of
    WHERE p.kind <> 'day' AND p.starts_utc <= as_of.now
    UNION ALL
    SELECT 'all' AS kind, 'all' AS label, TIMESTAMP '0001-01-01' AS start_at, TIMESTAMP '9999-12-31' AS end_at,
           CAST(NULL AS TIMESTAMP) AS before_at
)
SELECT row_number() OVER (ORDER BY kind, start_at) AS span, begun.*
FROM begun
