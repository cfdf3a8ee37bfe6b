-- Customers that paid before the period's end, what they paid until then, and who was subscribed at both its ends. A
-- period that is not over ends now; one without a beginning begins a year before its end.
WITH ended AS (
    SELECT s.span, s.start_at, least(s.end_at, as_of.now) AS end_at
    FROM board_spans AS s
    CROSS JOIN as_of
), ends AS (
    SELECT span, end_at,
           CASE WHEN start_at = TIMESTAMP '0001-01-01' THEN end_at - INTERVAL '365' DAY ELSE start_at END AS start_at
    FROM ended
), payers AS (
    SELECT filter, customer, min(chosen_revenue.at) AS first_at
    FROM chosen_revenue
    WHERE customer IS NOT NULL AND value IS NOT NULL
    GROUP BY filter, customer
), paying AS (
    SELECT e.span, p.filter, count(*) AS customers
    FROM payers AS p
    JOIN ends AS e ON p.first_at < e.end_at
    GROUP BY e.span, p.filter
), paid AS (
    SELECT e.span, v.filter, sum(v.value) AS value
    FROM chosen_revenue AS v
    JOIN ends AS e ON v.at < e.end_at
    WHERE v.customer IS NOT NULL
    GROUP BY e.span, v.filter
), at_start AS (
    SELECT DISTINCT e.span, v.filter, v.customer
    FROM chosen_revenue AS v
    JOIN ends AS e ON v.starts_at <= e.start_at AND v.until > e.start_at
    WHERE v.customer IS NOT NULL
), at_end AS (
    SELECT DISTINCT e.span, v.filter, v.customer
    FROM chosen_revenue AS v
    JOIN ends AS e ON v.starts_at <= e.end_at AND v.until > e.end_at
    WHERE v.customer IS NOT NULL
), kept AS (
    SELECT b.span, b.filter, count(*) AS subscribed_at_start, count(e.customer) AS kept
    FROM at_start AS b
    LEFT JOIN at_end AS e ON e.span = b.span AND e.filter = b.filter AND e.customer = b.customer
    GROUP BY b.span, b.filter
)
SELECT a.span, a.filter, coalesce(g.customers, 0) AS paying, coalesce(p.value, 0) AS paid,
       coalesce(k.subscribed_at_start, 0) AS subscribed_at_start, coalesce(k.kept, 0) AS kept
FROM asked AS a
LEFT JOIN paying AS g ON g.span = a.span AND g.filter = a.filter
LEFT JOIN paid AS p ON p.span = a.span AND p.filter = a.filter
LEFT JOIN kept AS k ON k.span = a.span AND k.filter = a.filter
