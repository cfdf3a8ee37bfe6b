-- By stage the leads that entered it in the period by the agreement and as the tools recorded it, and what makes the
-- difference. Parameters: first moment, first moment after, channel, segment; each may be null.
WITH placed AS (
    SELECT p.*,
           agreed_at IS NOT NULL
               AND (CAST($1 AS TIMESTAMP) IS NULL OR agreed_at >= $1)
               AND (CAST($2 AS TIMESTAMP) IS NULL OR agreed_at < $2) AS agreed,
           recorded_at IS NOT NULL
               AND (CAST($1 AS TIMESTAMP) IS NULL OR recorded_at >= $1)
               AND (CAST($2 AS TIMESTAMP) IS NULL OR recorded_at < $2) AS recorded
    FROM entry_pairs AS p
    WHERE (CAST($3 AS VARCHAR) IS NULL OR p.channel = $3) AND (CAST($4 AS VARCHAR) IS NULL OR p.segment = $4)
)
SELECT s.stage_no, s.stage, count(*) FILTER (WHERE p.agreed) AS agreement, count(*) FILTER (WHERE p.recorded) AS tools,
       count(*) FILTER (WHERE p.agreed AND p.recorded_at IS NULL) AS never_recorded,
       count(*) FILTER (WHERE p.agreed AND NOT p.recorded AND p.recorded_at IS NOT NULL) AS recorded_elsewhen,
       count(*) FILTER (WHERE p.recorded AND p.agreed_at IS NULL) AS never_agreed,
       count(*) FILTER (WHERE p.recorded AND NOT p.agreed AND p.agreed_at IS NOT NULL) AS agreed_elsewhen
FROM stages AS s
LEFT JOIN placed AS p ON p.stage_no = s.stage_no
GROUP BY s.stage_no, s.stage
ORDER BY s.stage_no
