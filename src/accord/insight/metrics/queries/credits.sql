-- Value of the period's wins credited, per model, to the campaigns and channels that cost something in it.
SELECT k.model, coalesce(sum(k.value), 0) AS value
FROM credits AS k
JOIN conversions AS c ON c.conversion = k.conversion
JOIN stages AS s ON s.stage = c.milestone AND s.enter = 'deal_won'
JOIN buying_touches AS t ON t.touch = k.touch
CROSS JOIN asked AS a
LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
WHERE c.converted_at >= a.start_at AND c.converted_at < a.end_at
    AND (a.channel IS NULL OR t.channel = a.channel)
    AND (t.channel IN (SELECT channel FROM chosen_spend WHERE channel IS NOT NULL)
         OR coalesce(n.label, t.campaign) IN (SELECT campaign FROM chosen_spend WHERE campaign IS NOT NULL))
GROUP BY k.model
