-- Costs of the period, of the asked channel.
SELECT s.*
FROM spend_values AS s
CROSS JOIN asked AS a
WHERE s.at >= a.start_at AND s.at < a.end_at AND (a.channel IS NULL OR s.channel = a.channel)
