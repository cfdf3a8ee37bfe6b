-- Every decision at the handoff's stage, by the name it was made under: those that leads stand by today (`merged` false),
-- and those of people found to be somebody who qualified, too, whose lead has become part of that one. `erased_at`: when the tools told that
-- all records of the person are gone.
WITH erased AS (
    SELECT names.person, max(states.known_at) AS at
    FROM states.people AS states
    JOIN actors AS names ON states.actor = names.actor
    GROUP BY names.person
    HAVING max(CASE WHEN states.deleted THEN states.known_at END)
        >= max(CASE WHEN states.deleted THEN TIMESTAMP '0001-01-01' ELSE states.known_at END)
), placed AS (
    SELECT
        cycles.lead, decision.actor, decision.cycle_no, decision.stage, decision.occurred_at, decision.fact_id,
        row_number() OVER (PARTITION BY decision.fact_id ORDER BY cycles.opened_at DESC) AS nearest
    FROM facts.decisions AS decision
    JOIN actors ON decision.actor = actors.actor
    JOIN cycles ON actors.person = cycles.person AND cycles.opened_at <= decision.occurred_at
    JOIN versions_in_force AS version
        ON decision.version = version.version
        AND decision.occurred_at >= version.from_at AND decision.occurred_at < version.until_at
), told AS (
    -- As in decisions_told, where the first is the one that the lead stands by.
    SELECT
        *,
        first_value(actor) OVER (PARTITION BY lead, stage ORDER BY occurred_at, fact_id) AS own,
        row_number() OVER (PARTITION BY lead, stage, actor ORDER BY occurred_at, fact_id) AS nth
    FROM placed
    WHERE nearest = 1
), accounted AS (
    SELECT made.lead, coalesce(heads.own, people.person_id) AS name, made.cycle_no, made.stage, made.decided_at, FALSE AS merged
    FROM decisions_made AS made
    JOIN people ON made.person = people.person
    LEFT JOIN (SELECT DISTINCT lead, stage, own FROM told) AS heads
        ON made.lead = heads.lead AND made.stage = heads.stage
    UNION ALL
    SELECT told.lead, told.actor AS name, told.cycle_no, told.stage, told.occurred_at AS decided_at, TRUE AS merged
    FROM told
    WHERE told.nth = 1 AND told.actor <> told.own
)
SELECT
    accounted.lead,
    accounted.name,
    accounted.cycle_no,
    accounted.stage,
    accounted.decided_at,
    accounted.merged,
    erased.at AS erased_at,
    leads.closed_at,
    leads.closed_by,
    leads.first_contact_at,
    live.at IS NOT NULL AS live
FROM accounted
JOIN handoff_stage ON accounted.stage = handoff_stage.stage
JOIN leads ON accounted.lead = leads.lead
LEFT JOIN erased ON leads.person = erased.person
LEFT JOIN live_moments AS live ON accounted.decided_at = live.at
