-- Money booked in the period, and in the one before.
SELECT v.account, v.at, v.kind, v.value, v.unvalued, v.at >= a.start_at AS bookings,
       v.at < a.start_at AS previous_bookings
FROM revenue_values AS v
CROSS JOIN asked AS a
WHERE v.at >= coalesce(a.before_at, a.start_at) AND v.at < a.end_at
    AND (a.channel IS NULL OR v.channel = a.channel) AND (a.segment IS NULL OR v.segment = a.segment)
