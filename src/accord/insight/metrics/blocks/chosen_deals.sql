-- Deals by filter: those of the leads it lets pass; without one, all.
SELECT f.filter, d.*
FROM valued_deals AS d
JOIN filtered AS f ON f.channel IS NOT DISTINCT FROM d.channel AND f.segment IS NOT DISTINCT FROM d.segment
