WITH found AS (
    SELECT s.span, f.filter, CAST(sum(d.recorded) AS BIGINT) AS recorded, CAST(sum(d.machine) AS BIGINT) AS machine
    FROM touch_days AS d
    JOIN board_spans AS s ON d.at >= s.start_at AND d.at < s.end_at
    JOIN board_filters AS f ON f.channel IS NOT DISTINCT FROM d.channel AND f.segment IS NOT DISTINCT FROM d.segment
    GROUP BY s.span, f.filter
)
SELECT a.span, a.filter, coalesce(d.recorded, 0) AS recorded, coalesce(d.machine, 0) AS machine
FROM asked AS a
LEFT JOIN found AS d ON d.span = a.span AND d.filter = a.filter
