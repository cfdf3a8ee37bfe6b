WITH found AS (
    SELECT s.span, f.filter, CAST(sum(d.opened) AS BIGINT) AS opened,
           CAST(sum(d.became_customers) AS BIGINT) AS became_customers, CAST(sum(d.left_out) AS BIGINT) AS left_out
    FROM lead_days AS d
    JOIN board_spans AS s ON d.at >= s.start_at AND d.at < s.end_at
    JOIN filtered AS f ON f.channel IS NOT DISTINCT FROM d.channel AND f.segment IS NOT DISTINCT FROM d.segment
    GROUP BY s.span, f.filter
)
SELECT a.span, a.filter, coalesce(d.opened, 0) AS opened, coalesce(d.became_customers, 0) AS became_customers,
       coalesce(d.left_out, 0) AS left_out
FROM asked AS a
LEFT JOIN found AS d ON d.span = a.span AND d.filter = a.filter
