-- Money booked on each local day of the period that had any.
SELECT p.starts_utc AS at, CAST(sum(v.value) AS DECIMAL(38, 4)) AS booked
FROM chosen_revenue AS v
CROSS JOIN asked AS a
JOIN periods AS p ON p.kind = 'day' AND v.at >= p.starts_utc AND v.at < p.ends_utc
WHERE v.at >= a.start_at AND v.at < a.end_at
GROUP BY p.starts_utc
ORDER BY p.starts_utc
