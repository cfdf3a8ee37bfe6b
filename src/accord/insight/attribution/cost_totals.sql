-- Parameters: by, start, end, channel (or null). Spend without channel or campaign stands under '(not set)'.
SELECT coalesce(CASE WHEN $1 = 'channel' THEN s.channel ELSE s.campaign END, '(not set)') AS label,
       CAST(sum(s.value) AS DECIMAL(38, 4)) AS cost
FROM spend_values AS s
WHERE s.at >= $2 AND s.at < $3 AND s.value IS NOT NULL AND (CAST($4 AS VARCHAR) IS NULL OR s.channel = $4)
GROUP BY 1
