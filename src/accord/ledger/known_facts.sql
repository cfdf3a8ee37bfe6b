SELECT DISTINCT identified.fact_id, live.load_id
FROM identified JOIN live ON identified.fact_id = live.fact_id
