-- How much each lead did with marketing, and when last.
SELECT lead, count(*) AS touches, max(occurred_at) AS last_touch_at
FROM lead_events
WHERE team = 'marketing'
GROUP BY lead
