-- Money booked in the period, and in the one before it; of a period without one before, growth is null.
WITH found AS (
    SELECT s.span, v.filter,
           count(*) FILTER (WHERE v.at >= s.start_at) AS bookings,
           sum(v.value) FILTER (WHERE v.at >= s.start_at) AS total,
           count(*) FILTER (WHERE v.at < s.start_at) AS previous_bookings,
           sum(v.value) FILTER (WHERE v.at < s.start_at) AS previous
    FROM chosen_revenue AS v
    JOIN board_spans AS s ON v.at >= coalesce(s.before_at, s.start_at) AND v.at < s.end_at
    GROUP BY s.span, v.filter
)
SELECT a.span, a.filter, coalesce(d.bookings, 0) AS bookings, coalesce(d.total, 0) AS total,
       CASE WHEN s.before_at IS NOT NULL THEN coalesce(d.previous_bookings, 0) END AS previous_bookings,
       CASE WHEN s.before_at IS NOT NULL THEN coalesce(d.previous, 0) END AS previous,
       CASE WHEN s.before_at IS NOT NULL THEN coalesce(d.total, 0) - coalesce(d.previous, 0) END AS growth
FROM asked AS a
JOIN board_spans AS s ON s.span = a.span
LEFT JOIN found AS d ON d.span = a.span AND d.filter = a.filter
