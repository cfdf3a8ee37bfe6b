-- Customers that paid before the period's end, what they paid until then, and who was subscribed at both its ends.
SELECT count(paid) AS paying, coalesce(sum(paid), 0) AS paid,
       count(*) FILTER (WHERE at_start) AS subscribed_at_start,
       count(*) FILTER (WHERE at_start AND at_end) AS kept
FROM (
    SELECT v.customer, sum(v.value) FILTER (WHERE v.at < a.end_at) AS paid,
           bool_or(coalesce(v.starts_at <= a.start_at AND v.until > a.start_at, FALSE)) AS at_start,
           bool_or(coalesce(v.starts_at <= a.end_at AND v.until > a.end_at, FALSE)) AS at_end
    FROM chosen_revenue AS v
    CROSS JOIN asked AS a
    WHERE v.starts_at <= a.end_at AND v.customer IS NOT NULL
    GROUP BY v.customer
) AS by_customer
