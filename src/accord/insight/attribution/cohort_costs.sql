-- Parameters: by (channel or campaign), start, end. Spend of each local month in the span.
SELECT
    m.label AS month,
    coalesce(CASE WHEN $1 = 'channel' THEN s.channel ELSE s.campaign END, '(not set)') AS label,
    CAST(sum(s.value) AS DECIMAL(38, 4)) AS cost
FROM spend_values AS s
JOIN periods AS m ON m.kind = 'month' AND s.at >= m.starts_utc AND s.at < m.ends_utc
WHERE m.starts_utc >= $2 AND m.starts_utc < $3 AND s.value IS NOT NULL
GROUP BY 1, 2
