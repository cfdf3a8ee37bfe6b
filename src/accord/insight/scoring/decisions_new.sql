SELECT computed.*, in_force.version, people.person_id
FROM decisions_computed AS computed
CROSS JOIN in_force
JOIN people ON computed.person = people.person
ANTI JOIN decisions_told AS told
    ON computed.lead = told.lead AND computed.stage = told.stage
