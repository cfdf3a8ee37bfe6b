WITH found AS (
    SELECT s.span, f.filter, count(*) AS qualified, count(l.first_contact_at) AS contacted,
           median((epoch(l.first_contact_at) - epoch(l.qualified_at)) / 3600.0) AS median_hours
    FROM leads AS l
    JOIN board_spans AS s ON l.qualified_at >= s.start_at AND l.qualified_at < s.end_at
    JOIN filtered AS f ON f.channel IS NOT DISTINCT FROM l.channel AND f.segment IS NOT DISTINCT FROM l.segment
    WHERE l.qualified_at IS NOT NULL
    GROUP BY s.span, f.filter
)
SELECT a.span, a.filter, coalesce(d.qualified, 0) AS qualified, coalesce(d.contacted, 0) AS contacted,
       coalesce(d.qualified - d.contacted, 0) AS never_contacted, d.median_hours
FROM asked AS a
LEFT JOIN found AS d ON d.span = a.span AND d.filter = a.filter
