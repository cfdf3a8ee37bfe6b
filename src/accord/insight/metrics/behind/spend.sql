-- Costs of the period by campaign and channel.
SELECT s.campaign, s.channel, count(*) AS facts, sum(s.value) AS value, TRUE AS costs
FROM spend_values AS s
CROSS JOIN asked AS a
WHERE s.at >= a.start_at AND s.at < a.end_at AND (a.channel IS NULL OR s.channel = a.channel)
GROUP BY s.campaign, s.channel
