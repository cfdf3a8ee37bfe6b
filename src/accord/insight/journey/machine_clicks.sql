-- Clicks no person made: under 5 seconds after the delivery of the same sending to the same person, or one of
-- all links of a mail (of at least two ever clicked by anyone) within 10 seconds.
WITH instant AS (
    SELECT DISTINCT clicks.fact_id
    FROM mail_clicks AS clicks
    JOIN mail_deliveries AS delivery
        ON clicks.message = delivery.message
        AND clicks.person = delivery.person
        AND clicks.at >= delivery.at
        AND clicks.at < delivery.at + INTERVAL 5 SECOND
), mails AS (
    SELECT mail, count(DISTINCT link) AS links
    FROM mail_clicks
    WHERE mail IS NOT NULL AND link IS NOT NULL
    GROUP BY mail
    HAVING count(DISTINCT link) >= 2
), readers AS (
    SELECT person, mail
    FROM mail_clicks
    WHERE mail IS NOT NULL AND link IS NOT NULL
    GROUP BY person, mail
    HAVING count(DISTINCT link) >= 2
), clicked AS (
    SELECT clicks.*, mails.links
    FROM mail_clicks AS clicks
    JOIN mails ON clicks.mail = mails.mail
    SEMI JOIN readers ON clicks.person = readers.person AND clicks.mail = readers.mail
    WHERE clicks.link IS NOT NULL
), bursts AS (
    SELECT first.person, first.mail, first.at
    FROM clicked AS first
    JOIN clicked AS later
        ON first.person = later.person
        AND first.mail = later.mail
        AND later.at >= first.at
        AND later.at <= first.at + INTERVAL 10 SECOND
    GROUP BY first.person, first.mail, first.at, first.links
    HAVING count(DISTINCT later.link) = first.links
), swept AS (
    SELECT DISTINCT clicks.fact_id
    FROM clicked AS clicks
    JOIN bursts
        ON clicks.person = bursts.person
        AND clicks.mail = bursts.mail
        AND clicks.at >= bursts.at
        AND clicks.at <= bursts.at + INTERVAL 10 SECOND
)
SELECT fact_id, 'clicked under 5 seconds after delivery' AS reason FROM instant
UNION ALL
SELECT swept.fact_id, 'all links of the mail clicked within 10 seconds' AS reason
FROM swept
ANTI JOIN instant ON swept.fact_id = instant.fact_id
