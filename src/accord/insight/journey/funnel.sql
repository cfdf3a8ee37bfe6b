-- The leads that entered each stage in the period, counted by what they are split by, what came of them and when.
-- Parameters: first moment, first moment after, split, basis, segment, channel; all but the basis may be null.
WITH months AS (
    SELECT days.starts_utc AS at, months.label
    FROM periods AS days
    JOIN periods AS months
        ON months.kind = 'month' AND days.starts_utc >= months.starts_utc AND days.starts_utc < months.ends_utc
    WHERE days.kind = 'day'
)
SELECT
    CASE CAST($3 AS VARCHAR)
        WHEN 'channel' THEN funnel_days.channel
        WHEN 'campaign' THEN funnel_days.campaign
        WHEN 'segment' THEN funnel_days.segment
        WHEN 'month' THEN months.label
    END AS value,
    stage_no,
    outcome,
    hours,
    CAST(sum(leads) AS BIGINT) AS leads
FROM funnel_days
LEFT JOIN months ON CAST($3 AS VARCHAR) = 'month' AND funnel_days.at = months.at
WHERE
    basis = $4
    AND (CAST($1 AS TIMESTAMP) IS NULL OR funnel_days.at >= $1)
    AND (CAST($2 AS TIMESTAMP) IS NULL OR funnel_days.at < $2)
    AND (CAST($5 AS VARCHAR) IS NULL OR funnel_days.segment = $5)
    AND (CAST($6 AS VARCHAR) IS NULL OR funnel_days.channel = $6)
GROUP BY 1, 2, 3, 4
