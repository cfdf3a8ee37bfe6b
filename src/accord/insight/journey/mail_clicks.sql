-- Clicks in e-mails: who, which sending, which mail, which link (its address without parameters).
SELECT
    touch.fact_id,
    coalesce(spans.person, actors.person) AS person,
    touch.message,
    touch.source || ':' || coalesce(touch.asset, touch.campaign_id, touch.message) AS mail,
    split_part(touch.url, '?', 1) AS link,
    touch.occurred_at AS at
FROM facts.touches AS touch
JOIN actors ON touch.actor = actors.actor
LEFT JOIN visitor_spans AS spans
    ON touch.actor = spans.actor AND touch.occurred_at >= spans.from_at AND touch.occurred_at < spans.until_at
WHERE touch.kind = 'email_click'
