SELECT source, newest_at, usual_days
FROM freshness
WHERE newest_at IS NOT NULL
ORDER BY source
