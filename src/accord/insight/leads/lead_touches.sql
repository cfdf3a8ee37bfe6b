-- The last thing each lead did with marketing.
SELECT lead, max(occurred_at) AS last_touch_at
FROM lead_events
WHERE team = 'marketing'
GROUP BY lead
