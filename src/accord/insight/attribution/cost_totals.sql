-- Parameters: by, start, end. Spend without channel or campaign stands under '(not set)'.
SELECT coalesce(CASE WHEN $1 = 'channel' THEN channel ELSE campaign END, '(not set)') AS label,
       CAST(sum(value) AS DECIMAL(38, 4)) AS cost
FROM spend_values AS s
WHERE s.at >= $2 AND s.at < $3 AND value IS NOT NULL
GROUP BY 1
