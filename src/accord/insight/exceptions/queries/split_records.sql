-- People whom one tool keeps as several records with different owners, those with most records first. Parameter: how
-- many to name; `persons` counts all of them.
WITH owned AS (
    SELECT named.person, records.source, coalesce(owners.owner, records.owner_id) AS owner,
        coalesce(owners.name, records.owner_id) AS name
    FROM facts.people AS records
    JOIN name_people AS named ON records.actor = named.actor
    LEFT JOIN owner_names AS owners ON records.owner_id = owners.owner_id
    WHERE records.owner_id IS NOT NULL
), split AS (
    SELECT person, count(*) AS records, min(name) AS one_owner, max(name) AS other_owner
    FROM owned
    GROUP BY person, source
    HAVING count(DISTINCT owner) > 1
), persons AS (
    SELECT person, max(records) AS records, min(one_owner) AS one_owner, max(other_owner) AS other_owner
    FROM split
    GROUP BY person
)
SELECT people.person_id, persons.records, persons.one_owner, persons.other_owner, count(*) OVER () AS persons
FROM persons
JOIN people ON persons.person = people.person
ORDER BY persons.records DESC, people.person_id
LIMIT $1
