-- Per stage: the leads that entered it in the period, and how many of them have entered a later stage since.
WITH found AS (
    SELECT s.span, f.filter, d.stage, CAST(sum(d.entered) AS BIGINT) AS entered, CAST(sum(d.passed) AS BIGINT) AS passed
    FROM entry_days AS d
    JOIN board_spans AS s ON d.at >= s.start_at AND d.at < s.end_at
    JOIN filtered AS f ON f.channel IS NOT DISTINCT FROM d.channel AND f.segment IS NOT DISTINCT FROM d.segment
    GROUP BY s.span, f.filter, d.stage
)
SELECT a.span, a.filter, s.stage, coalesce(d.entered, 0) AS entered, coalesce(d.passed, 0) AS passed
FROM asked AS a
CROSS JOIN stages AS s
LEFT JOIN found AS d ON d.span = a.span AND d.filter = a.filter AND d.stage = s.stage
