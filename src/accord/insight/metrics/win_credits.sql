-- Value of deals won, credited to channels and campaigns by the first attribution model the agreement lists.
SELECT c.converted_at AS at, t.channel, coalesce(n.label, t.campaign) AS campaign, sum(k.value) AS value
FROM credits AS k
JOIN (SELECT min(model_no) AS model_no FROM attribution_models) AS firsts ON TRUE
JOIN attribution_models AS m ON m.model_no = firsts.model_no AND m.model = k.model
JOIN conversions AS c ON c.conversion = k.conversion
JOIN stages AS s ON s.stage = c.milestone AND s.enter = 'deal_won'
JOIN buying_touches AS t ON t.touch = k.touch
LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
GROUP BY 1, 2, 3
