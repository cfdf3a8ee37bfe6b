WITH found AS (
    SELECT s.span, v.channel, count(*) AS costs, sum(v.value) AS total
    FROM spend_values AS v
    JOIN board_spans AS s ON v.at >= s.start_at AND v.at < s.end_at
    GROUP BY s.span, v.channel
)
SELECT a.span, a.filter, CAST(coalesce(sum(d.costs), 0) AS BIGINT) AS costs, coalesce(sum(d.total), 0) AS total
FROM asked AS a
LEFT JOIN found AS d ON d.span = a.span AND (a.channel IS NULL OR d.channel = a.channel)
GROUP BY a.span, a.filter
