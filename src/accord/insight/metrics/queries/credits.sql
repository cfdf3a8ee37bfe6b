-- Value of the period's wins credited, per model, to the campaigns and channels that cost something in it.
SELECT c.model, coalesce(sum(c.value), 0) AS value
FROM credits AS c
CROSS JOIN asked AS a
JOIN stages AS s ON s.stage = c.milestone AND s.enter = 'deal_won'
LEFT JOIN campaign_labels AS n ON n.campaign_id = c.campaign
WHERE c.converted_at >= a.start_at AND c.converted_at < a.end_at
    AND (a.channel IS NULL OR c.channel = a.channel)
    AND (c.channel IN (SELECT channel FROM chosen_spend WHERE channel IS NOT NULL)
         OR coalesce(n.label, c.campaign) IN (SELECT campaign FROM chosen_spend WHERE campaign IS NOT NULL))
GROUP BY c.model
