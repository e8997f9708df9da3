-- What stages.c, pipelines.c and deals.c ask about stages.

-- name: stage_of
-- doc: A stage: of which pipeline and kind; held until the deal that goes into it is written
-- in: stage stage_id
-- out: pipeline_id pipeline_id, kind stages.kind
SELECT s.pipeline_id, s.kind FROM stages s WHERE s.company_id = :company AND s.id = :stage AND s.deleted_at IS NULL
LOCK IN SHARE MODE;

-- name: stage_of_kind
-- doc: The first stage of a kind in a pipeline; in the first pipeline when none is named
-- in: pipeline pipeline_id null, kind stages.kind
-- out: id stage_id
SELECT s.id
FROM stages s JOIN pipelines p ON p.company_id = s.company_id AND p.id = s.pipeline_id
WHERE s.company_id = :company AND s.deleted_at IS NULL AND p.deleted_at IS NULL AND s.kind = :kind
  AND (:pipeline IS NULL OR s.pipeline_id = :pipeline)
ORDER BY p.position, p.id, s.position, s.id LIMIT 1;

-- name: stages_of_pipeline
-- doc: The stages of a pipeline in their order
-- in: pipeline pipeline_id
-- out: id stage_id, name stages.name, kind stages.kind, probability stages.probability
SELECT s.id, s.name, s.kind, s.probability FROM stages s
WHERE s.company_id = :company AND s.pipeline_id = :pipeline AND s.deleted_at IS NULL
ORDER BY s.position, s.id;

-- name: stages_deleted_with
-- doc: The stages that were deleted together with their pipeline
-- in: pipeline pipeline_id, moment instant
-- out: id stage_id
SELECT s.id FROM stages s
WHERE s.company_id = :company AND s.pipeline_id = :pipeline AND s.deleted_at = :moment
ORDER BY s.position, s.id;

-- name: pipelines_with_stages
-- doc: All pipelines with their stages in order
-- out: id pipeline_id, name pipelines.name, stage stage_id, stage_name stages.name, kind stages.kind, probability int
SELECT p.id, p.name, s.id, s.name, s.kind, s.probability
FROM pipelines p LEFT JOIN stages s ON s.company_id = p.company_id AND s.pipeline_id = p.id AND s.deleted_at IS NULL
WHERE p.company_id = :company AND p.deleted_at IS NULL
ORDER BY p.position, p.id, s.position, s.id;

-- name: deal_in_stage
-- doc: A deal that is in a stage, whoever may see it
-- in: stage stage_id
-- out: id deal_id
-- unscoped: d a stage in use is in use for everybody
SELECT d.id FROM deals d WHERE d.company_id = :company AND d.stage_id = :stage AND d.deleted_at IS NULL LIMIT 1;

-- name: deal_in_pipeline
-- doc: A deal that is in a stage of a pipeline, whoever may see it
-- in: pipeline pipeline_id
-- out: id deal_id
-- unscoped: d a pipeline in use is in use for everybody
SELECT d.id FROM stages s JOIN deals d ON d.company_id = s.company_id AND d.stage_id = s.id
WHERE s.company_id = :company AND s.pipeline_id = :pipeline AND d.deleted_at IS NULL LIMIT 1;
