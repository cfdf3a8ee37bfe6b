-- The people of each deal, from its own record and from its contact roles, mirrored records included.
WITH named AS (
    SELECT aliases.deal, actors.person, CAST(NULL AS VARCHAR) AS role, deals.occurred_at AS at, aliases.is_master
    FROM deal_aliases AS aliases
    JOIN facts.deals AS deals ON aliases.subject = deals.subject
    JOIN actors ON deals.actor = actors.actor
    UNION ALL
    SELECT aliases.deal, actors.person, roles.role, roles.occurred_at AS at, FALSE AS is_master
    FROM facts.deal_people AS roles
    JOIN deal_aliases AS aliases ON roles.deal_id = aliases.deal_id
    JOIN actors ON roles.actor = actors.actor
)
SELECT deal, person, min(role) AS role, bool_or(is_master) AS main, min("at") AS at
FROM named
GROUP BY deal, person
