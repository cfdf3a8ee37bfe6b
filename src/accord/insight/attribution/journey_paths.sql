-- Parameters: by, milestone, start, end, segment (or null). The journeys that ended in the period, as paths of each
-- buyer.
SELECT
    unit_no,
    coalesce(CASE CAST($1 AS VARCHAR) WHEN 'channel' THEN channels ELSE campaigns END, []) AS path,
    CAST(count(*) FILTER (WHERE outcome = 'converted') AS DOUBLE) AS conversions,
    CAST(coalesce(sum(value) FILTER (WHERE outcome = 'converted'), 0) AS DOUBLE) AS value,
    CAST(count(*) FILTER (WHERE outcome = 'lost') AS DOUBLE) AS nulls,
    CAST(count(*) FILTER (WHERE outcome = 'open') AS DOUBLE) AS open
FROM journeys
WHERE milestone = $2 AND ended_at >= $3 AND ended_at < $4 AND (CAST($5 AS VARCHAR) IS NULL OR segment = $5)
GROUP BY 1, 2
