SELECT source, newest_at, usual_days
FROM freshness
ORDER BY source
