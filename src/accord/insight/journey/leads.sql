-- Every lead as it stands: where it came from, how far it got, whose it is. `known`: it counts as a lead, for it has
-- entered a stage by the agreement (who has bought is a customer now, and excluded from then on) or its person is
-- neither anonymous nor excluded; people of one's own company and test records never do.
WITH reached AS (
    SELECT
        entries.lead,
        entries.stage,
        entries.at,
        row_number() OVER (PARTITION BY entries.lead ORDER BY entries.stage_no DESC) AS nth
    FROM stage_entries AS entries
    WHERE entries.basis = 'agreement'
)
SELECT
    cycles.lead,
    cycles.person,
    cycles.account,
    cycles.cycle_no,
    people.person_id,
    cycles.opened_at,
    cycles.closed_at,
    cycles.closed_by,
    present.segment,
    present.persona,
    touches.channel,
    touches.campaign,
    people.lead_source,
    people.owner_id,
    coalesce(reached.stage, 'new') AS stage,
    coalesce(reached.at, cycles.opened_at) AS stage_at,
    excluded.rule AS excluded_by,
    scores.fit,
    scores.engagement,
    scores.score,
    contacts.at AS first_contact_at,
    qualified.at AS qualified_at,
    internal.person IS NULL
    AND (reached.stage IS NOT NULL OR (NOT people.anonymous AND excluded.rule IS NULL)) AS known
FROM cycles
JOIN people ON cycles.person = people.person
LEFT JOIN present_leads AS present ON cycles.lead = present.lead
LEFT JOIN first_touches AS touches ON cycles.lead = touches.lead
LEFT JOIN reached ON cycles.lead = reached.lead AND reached.nth = 1
LEFT JOIN excluded ON cycles.person = excluded.person
LEFT JOIN scores ON cycles.lead = scores.lead
LEFT JOIN first_contacts AS contacts ON cycles.lead = contacts.lead
LEFT JOIN qualified_leads AS qualified ON cycles.lead = qualified.lead
LEFT JOIN internal_people AS internal ON cycles.person = internal.person
