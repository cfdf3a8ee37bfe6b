-- Amounts that could not be brought into one currency, by the KPI inputs they are missing from.
SELECT 'opened' AS input, d.unvalued AS reason, d.currency, count(*) AS number, sum(d.amount) AS amount
FROM chosen_deals AS d
CROSS JOIN asked AS a
WHERE d.unvalued IS NOT NULL AND d.created_at >= a.start_at AND d.created_at < a.end_at
GROUP BY d.unvalued, d.currency
UNION ALL
SELECT 'open' AS input, d.unvalued AS reason, d.currency, count(*) AS number, sum(d.amount) AS amount
FROM chosen_deals AS d
CROSS JOIN asked AS a
WHERE d.unvalued IS NOT NULL AND d.created_at < a.end_at AND (d.status = 'open' OR d.closed_at >= a.end_at)
GROUP BY d.unvalued, d.currency
UNION ALL
SELECT 'won' AS input, d.unvalued AS reason, d.currency, count(*) AS number, sum(d.amount) AS amount
FROM chosen_deals AS d
CROSS JOIN asked AS a
WHERE d.unvalued IS NOT NULL AND d.status = 'won' AND d.closed_at >= a.start_at AND d.closed_at < a.end_at
GROUP BY d.unvalued, d.currency
UNION ALL
SELECT 'spend' AS input, s.unvalued AS reason, s.currency, count(*) AS number, sum(s.amount) AS amount
FROM chosen_spend AS s
WHERE s.unvalued IS NOT NULL
GROUP BY s.unvalued, s.currency
UNION ALL
SELECT 'revenue' AS input, v.unvalued AS reason, v.currency, count(*) AS number, sum(v.amount) AS amount
FROM chosen_revenue AS v
CROSS JOIN asked AS a
WHERE v.unvalued IS NOT NULL AND v.at >= a.start_at AND v.at < a.end_at
GROUP BY v.unvalued, v.currency
UNION ALL
SELECT 'customers' AS input, v.unvalued AS reason, v.currency, count(*) AS number, sum(v.amount) AS amount
FROM chosen_revenue AS v
CROSS JOIN asked AS a
WHERE v.unvalued IS NOT NULL AND v.at < a.end_at
GROUP BY v.unvalued, v.currency
ORDER BY input, reason, currency
