-- Customers that paid until the period's end, and those subscribed at its start and at its end. A period that is not
-- over ends now; one without a beginning begins a year before its end.
WITH ended AS (
    SELECT a.channel, a.segment, a.start_at, least(a.end_at, as_of.now) AS end_at
    FROM asked AS a
    CROSS JOIN as_of
), period AS (
    SELECT channel, segment, end_at,
           CASE WHEN start_at = TIMESTAMP '0001-01-01' THEN end_at - INTERVAL '365' DAY ELSE start_at END AS start_at
    FROM ended
), found AS (
    SELECT v.customer, max(v.account) AS account, min(v.at) FILTER (WHERE v.value IS NOT NULL) AS at,
           sum(v.value) FILTER (WHERE v.at < p.end_at) AS value,
           coalesce(bool_or(v.value IS NOT NULL AND v.at < p.end_at), FALSE) AS paying,
           coalesce(bool_or(v.starts_at <= p.start_at AND v.until > p.start_at), FALSE) AS subscribed_at_start,
           coalesce(bool_or(v.starts_at <= p.end_at AND v.until > p.end_at), FALSE) AS subscribed_at_end
    FROM revenue_values AS v
    CROSS JOIN period AS p
    WHERE v.customer IS NOT NULL
        AND (p.channel IS NULL OR v.channel = p.channel) AND (p.segment IS NULL OR v.segment = p.segment)
    GROUP BY v.customer
)
SELECT account, found.at, value, paying, subscribed_at_start, subscribed_at_start AND subscribed_at_end AS kept
FROM found
