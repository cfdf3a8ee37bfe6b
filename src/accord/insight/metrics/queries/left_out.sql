-- Amounts that could not be brought into one currency, by the KPI inputs they are missing from.
WITH deals AS (
    SELECT * FROM chosen_deals WHERE unvalued IS NOT NULL
), revenue AS (
    SELECT * FROM chosen_revenue WHERE unvalued IS NOT NULL
), missing AS (
    SELECT s.span, d.filter, 'opened' AS input, d.unvalued AS reason, d.currency, d.amount
    FROM deals AS d
    JOIN board_spans AS s ON d.created_at >= s.start_at AND d.created_at < s.end_at
    UNION ALL
    SELECT s.span, d.filter, 'open' AS input, d.unvalued AS reason, d.currency, d.amount
    FROM deals AS d
    JOIN board_spans AS s ON d.created_at < s.end_at AND (d.status = 'open' OR d.closed_at >= s.end_at)
    UNION ALL
    SELECT s.span, d.filter, 'won' AS input, d.unvalued AS reason, d.currency, d.amount
    FROM deals AS d
    JOIN board_spans AS s ON d.closed_at >= s.start_at AND d.closed_at < s.end_at
    WHERE d.status = 'won'
    UNION ALL
    SELECT s.span, v.filter, 'revenue' AS input, v.unvalued AS reason, v.currency, v.amount
    FROM revenue AS v
    JOIN board_spans AS s ON v.at >= s.start_at AND v.at < s.end_at
    UNION ALL
    SELECT s.span, v.filter, 'customers' AS input, v.unvalued AS reason, v.currency, v.amount
    FROM revenue AS v
    JOIN board_spans AS s ON v.at < s.end_at
    UNION ALL
    SELECT a.span, a.filter, 'spend' AS input, v.unvalued AS reason, v.currency, v.amount
    FROM spend_values AS v
    JOIN board_spans AS s ON v.at >= s.start_at AND v.at < s.end_at
    JOIN asked AS a ON a.span = s.span AND (a.channel IS NULL OR v.channel = a.channel)
    WHERE v.unvalued IS NOT NULL
)
SELECT m.span, m.filter, m.input, m.reason, m.currency, count(*) AS number, sum(m.amount) AS amount
FROM missing AS m
GROUP BY m.span, m.filter, m.input, m.reason, m.currency
