-- Every name an actor goes by, numbered from 0: records first, then lead records, addresses, others, visitors.
-- The order makes the lowest number of a person the name that it is known by (`person_id`).
WITH mentioned AS (
    SELECT actor FROM facts.people
    UNION
    SELECT actor FROM facts.source_leads
    UNION
    SELECT person AS actor FROM facts.source_leads
    UNION
    SELECT 'email:' || lower(trim(email)) AS actor FROM facts.people WHERE email <> ''
    UNION
    SELECT 'email:' || lower(trim(email)) AS actor FROM facts.source_leads WHERE email <> ''
    UNION
    SELECT actor FROM facts.touches
    UNION
    SELECT actor FROM facts.activities
    UNION
    SELECT actor FROM facts.stage_moves
    UNION
    SELECT actor FROM facts.deals
    UNION
    SELECT actor FROM facts.deal_people
    UNION
    SELECT actor FROM facts.feedback
    UNION
    SELECT actor FROM facts.handoff_moves
    UNION
    SELECT actor FROM facts.usage
    UNION
    SELECT actor FROM facts.tickets
    UNION
    SELECT actor FROM facts.content_uses
    UNION
    SELECT actor FROM facts.consents
    UNION
    SELECT actor FROM facts.decisions
    UNION
    SELECT a AS actor FROM stated_links WHERE about = 'person'
    UNION
    SELECT b AS actor FROM stated_links WHERE about = 'person'
), with_addresses AS (
    SELECT actor FROM mentioned WHERE actor IS NOT NULL
    UNION
    SELECT 'email:' || lower(trim(substr(actor, 7))) AS actor FROM mentioned WHERE starts_with(actor, 'email:')
), kinds AS (
    SELECT
        actor,
        CASE
            WHEN starts_with(actor, 'email:') THEN 2
            WHEN split_part(actor, ':', 2) = 'person' THEN 0
            WHEN split_part(actor, ':', 2) = 'lead' THEN 1
            WHEN split_part(actor, ':', 2) = 'visitor' THEN 4
            ELSE 3
        END AS kind_no
    FROM with_addresses
)
SELECT row_number() OVER (ORDER BY kind_no, actor) - 1 AS name_no, actor, kind_no
FROM kinds
