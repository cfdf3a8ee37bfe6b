-- Marketing touches, and those made by machines, as the KPI counts them: of the last days and of the time before them.
-- Parameters: where the time before begins, where the last days begin.
SELECT
    count(*) FILTER (WHERE events.at >= $2) AS touches,
    count(*) FILTER (WHERE events.at >= $2 AND quality = 'machine') AS machine,
    count(*) FILTER (WHERE events.at < $2) AS touches_before,
    count(*) FILTER (WHERE events.at < $2 AND quality = 'machine') AS machine_before
FROM timeline AS events
CROSS JOIN as_of
WHERE events.counted AND events.team = 'marketing' AND events.at >= $1 AND events.at <= as_of.now
