-- Money booked on each local day of the period that had any. Parameters: first moment, first moment after, channel and
-- segment of the lead (or null).
SELECT p.starts_utc AS at, CAST(sum(v.value) AS DECIMAL(38, 4)) AS booked
FROM revenue_values AS v
JOIN periods AS p ON p.kind = 'day' AND v.at >= p.starts_utc AND v.at < p.ends_utc
WHERE v.at >= $1 AND v.at < $2
    AND (CAST($3 AS VARCHAR) IS NULL OR v.channel = $3) AND (CAST($4 AS VARCHAR) IS NULL OR v.segment = $4)
GROUP BY p.starts_utc
ORDER BY p.starts_utc
