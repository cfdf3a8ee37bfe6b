-- Deals made or closed in the period, or open at its end.
WITH placed AS (
    SELECT d.*, d.created_at >= a.start_at AND d.created_at < a.end_at AS opened,
           d.status <> 'open' AND d.closed_at >= a.start_at AND d.closed_at < a.end_at AS closed,
           d.created_at < a.end_at AND (d.status = 'open' OR d.closed_at >= a.end_at) AS open_at_end
    FROM valued_deals AS d
    CROSS JOIN asked AS a
    WHERE (a.channel IS NULL OR d.channel = a.channel) AND (a.segment IS NULL OR d.segment = a.segment)
)
SELECT deal, coalesce(closed_at, created_at) AS at, status, created_at, closed_at, value, unvalued, found_by, opened,
       closed, open_at_end, closed AND status = 'won' AS won,
       closed AND status = 'won' AND value IS NOT NULL AS won_valued, closed AND first_win AS new_customers
FROM placed
