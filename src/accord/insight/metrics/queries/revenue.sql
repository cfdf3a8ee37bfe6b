SELECT count(*) AS bookings, coalesce(sum(v.value), 0) AS total
FROM chosen_revenue AS v
CROSS JOIN asked AS a
WHERE v.at >= a.start_at AND v.at < a.end_at
