-- When each sending with a click reached the one who clicked.
WITH clicked AS (
    SELECT DISTINCT message FROM mail_clicks WHERE message IS NOT NULL
)
SELECT actors.person, touch.message, touch.occurred_at AS at
FROM facts.touches AS touch
SEMI JOIN clicked ON touch.message = clicked.message
JOIN actors ON touch.actor = actors.actor
WHERE touch.kind = 'email_delivered'
