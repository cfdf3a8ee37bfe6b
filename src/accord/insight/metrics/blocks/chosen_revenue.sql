-- Money booked by filter: that of the leads it lets pass; without one, all.
SELECT f.filter, v.*
FROM revenue_values AS v
JOIN filtered AS f ON f.channel IS NOT DISTINCT FROM v.channel AND f.segment IS NOT DISTINCT FROM v.segment
