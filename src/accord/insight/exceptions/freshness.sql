-- How fresh each source is: how many tables and facts it brought, its newest fact, when the last one was recorded, and
-- the usual days from one day with facts to the next (the median of the last 180 days; null with fewer than 5 days).
WITH sources AS (
    SELECT
        source,
        count(DISTINCT fact) AS tables,
        CAST(sum(facts) AS BIGINT) AS facts,
        max(newest_at) AS newest_at,
        max(recorded_at) AS recorded_at
    FROM source_days
    GROUP BY source
), days AS (
    SELECT DISTINCT source_days.source, source_days.day
    FROM source_days
    JOIN sources ON source_days.source = sources.source
    WHERE source_days.day >= sources.newest_at - INTERVAL 180 DAY
), gaps AS (
    SELECT source, (epoch(day) - epoch(lag(day) OVER (PARTITION BY source ORDER BY day))) / 86400.0 AS days
    FROM days
), rhythms AS (
    SELECT source, CASE WHEN count(*) >= 5 THEN median(days) END AS usual_days
    FROM gaps
    GROUP BY source
)
SELECT sources.*, rhythms.usual_days
FROM sources
JOIN rhythms ON sources.source = rhythms.source
