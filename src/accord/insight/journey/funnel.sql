-- The leads that entered each stage in the period, counted by what they are split by, what came of them (0 open,
-- 1 converted, 2 dropped) and after how many whole seconds. Stage 0 is the opening of a lead that is known.
-- Parameters: first moment, first moment after, basis, split, segment, channel; all but the basis may be null.
WITH asked AS (
    SELECT
        CAST($1 AS TIMESTAMP) AS start_at,
        CAST($2 AS TIMESTAMP) AS end_at,
        CAST($3 AS VARCHAR) AS basis,
        CAST($4 AS VARCHAR) AS split,
        CAST($5 AS VARCHAR) AS segment,
        CAST($6 AS VARCHAR) AS channel
), chosen AS (
    SELECT leads.*
    FROM leads
    CROSS JOIN asked
    WHERE
        (asked.segment IS NULL OR leads.segment = asked.segment)
        AND (asked.channel IS NULL OR leads.channel = asked.channel)
), entries AS (
    SELECT chosen.lead, 0 AS stage_no, chosen.opened_at AS at
    FROM chosen
    WHERE chosen.known
    UNION ALL
    SELECT stage_entries.lead, stage_entries.stage_no, stage_entries.at
    FROM stage_entries
    JOIN asked ON stage_entries.basis = asked.basis
    JOIN chosen ON stage_entries.lead = chosen.lead
), followed AS (
    SELECT
        entries.lead,
        entries.stage_no,
        entries.at,
        min(entries.at) OVER (
            PARTITION BY entries.lead ORDER BY entries.stage_no ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS later_at
    FROM entries
), ended AS (
    SELECT
        followed.lead,
        followed.stage_no,
        followed.at,
        CASE WHEN followed.later_at IS NOT NULL THEN 1 WHEN chosen.closed_at IS NOT NULL THEN 2 ELSE 0 END AS outcome,
        coalesce(followed.later_at, chosen.closed_at, as_of.now) AS until_at,
        chosen.channel,
        chosen.campaign,
        chosen.segment
    FROM followed
    JOIN chosen ON followed.lead = chosen.lead
    CROSS JOIN as_of
)
SELECT
    CASE asked.split
        WHEN 'channel' THEN ended.channel
        WHEN 'campaign' THEN ended.campaign
        WHEN 'segment' THEN ended.segment
        WHEN 'month' THEN months.label
    END AS value,
    ended.stage_no,
    ended.outcome,
    CAST(greatest(floor(epoch(ended.until_at) - epoch(ended.at)), 0) AS BIGINT) AS seconds,
    count(*) AS leads
FROM ended
CROSS JOIN asked
LEFT JOIN periods AS months
    ON asked.split = 'month'
    AND months.kind = 'month'
    AND ended.at >= months.starts_utc
    AND ended.at < months.ends_utc
WHERE
    (asked.start_at IS NULL OR ended.at >= asked.start_at) AND (asked.end_at IS NULL OR ended.at < asked.end_at)
GROUP BY 1, 2, 3, 4
