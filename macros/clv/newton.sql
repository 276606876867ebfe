{# Maximum likelihood by Newton's method, in the logarithms of up to four positive parameters, for many groups of rows at once.

   A fit takes passes over coarse cells first, which are few, and goes on from there over all of them: two or three passes are left.

   A pass is two selects. The first is the model's own: at theta + step it adds up the log-likelihood, the gradient g1..g4 and the Hessian
   h11..h44 over the cells of a group (exact_sum), and carries the state along. The second, newton_pass, takes the step unless the
   likelihood fell, and finds the next one. A group that has converged passes through: its sums are null. Each select reads the one before
   it exactly once, so engines that expand common table expressions do no work twice.

   Cells of two kinds are added up by factors, not by a case: engines compute what many sums share only once outside of one. #}

{# `with`, as a statement that takes passes begins on this engine. #}
{% macro with_passes() -%}{{ return(adapter.dispatch('with_passes', 'tiering')()) }}{%- endmacro %}
{% macro default__with_passes() -%}with{%- endmacro %}
{% macro duckdb__with_passes() -%}with recursive{%- endmacro %}

{# The common table expressions from the relation `begin` (the keys, theta1..4 to start from, newton_start) to `end`, the state after
   at most `passes` passes. `model_sums`: the macro of the model, called with a state, the cells and the keys. #}
{% macro newton_passes(model_sums, cells, keys, passes, begin, end) -%}
    {{ return(adapter.dispatch('newton_passes', 'tiering')(model_sums, cells, keys, passes, begin, end)) }}
{%- endmacro %}

{#- Written out, pass after pass: few engines let a recursion add up. #}
{% macro default__newton_passes(model_sums, cells, keys, passes, begin, end) -%}
{{ end }}_0 as (select * from {{ begin }}),
{% for pass in range(1, passes + 1) %}
{{ end }}_sums_{{ pass }} as ({{ model_sums(end ~ '_' ~ (pass - 1), cells, keys) }}),

{{ end }}_{{ pass }} as ({{ newton_pass(end ~ '_sums_' ~ pass, keys) }}),
{% endfor %}
{{ end }} as (select * from {{ end }}_{{ passes }})
{%- endmacro %}

{#- DuckDB does, and then plans one pass instead of all. A group that has converged leaves the recursion. #}
{% macro duckdb__newton_passes(model_sums, cells, keys, passes, begin, end) -%}
{%- set columns = (keys + newton_state()) | join(', ') -%}
{%- set before = '(select * from ' ~ end ~ '_passes where not is_converged and passes < ' ~ passes ~ ')' -%}
{{ end }}_passes as (
    select {{ columns }} from {{ begin }}
    union all
    select {{ columns }}
    from ({{ newton_pass('(' ~ model_sums(before, cells, keys) ~ ') as sums', keys) }}) as next_pass
),

{{ end }} as (
    select {{ columns }}
    from (
        select
            *,
            row_number() over (partition by {{ keys | join(', ') }} order by passes desc) as choice
        from {{ end }}_passes
    ) as numbered
    where choice = 1
)
{%- endmacro %}

{# The common table expressions from the state `end` to `fitted` (newton_fitted): the sums once more, where the passes came to rest. #}
{% macro newton_result(model_sums, cells, keys, end) -%}
at_rest as ({{ newton_at_rest(end, keys) }}),

sums as ({{ model_sums('at_rest', cells, keys) }}),

fitted as ({{ newton_fitted('sums', keys) }})
{%- endmacro %}

{# The state to go on from, after passes over coarser cells: where these came to rest inside the usual range, else the start. #}
{% macro newton_warm_start(start, coarse, keys) -%}
select
    {%- for key in keys %}
    {{ start }}.{{ key }},
    {%- endfor %}
    {%- for i in range(1, 5) %}
    case
        when {{ coarse }}.is_converged
            and greatest(abs({{ coarse }}.theta1), abs({{ coarse }}.theta2), abs({{ coarse }}.theta3), abs({{ coarse }}.theta4)) < 10
            then {{ coarse }}.theta{{ i }}
        else {{ start }}.theta{{ i }}
    end as theta{{ i }},
    {%- endfor %}
    {{ newton_start() }}
from {{ start }}
inner join {{ coarse }}
    on
        {%- for key in keys %}
        {{ 'and ' if not loop.first }}{{ start }}.{{ key }} = {{ coarse }}.{{ key }}
        {%- endfor %}
{%- endmacro %}

{# What one pass hands to the next, beside the keys of the group. #}
{% macro newton_state() -%}
    {{ return([
        'theta1', 'theta2', 'theta3', 'theta4', 'step1', 'step2', 'step3', 'step4', 'log_likelihood', 'is_converged', 'passes'
    ]) }}
{%- endmacro %}

{# The state summed over the cells that it was joined to: as it is. #}
{% macro newton_carried() -%}
    {%- for column in newton_state() %}
    {{ 'bool_or' if column == 'is_converged' else 'max' }}({{ column }}) as {{ column }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}

{# The state and the cells of its group; a group that has converged finds none. #}
{% macro newton_cells(state, cells, keys) -%}
    {{ state }} as state
    left join {{ cells }} as cells
        on
            not state.is_converged
            {%- for key in keys %}
            and state.{{ key }} = cells.{{ key }}
            {%- endfor %}
{%- endmacro %}

{# The state before the first pass, beside theta1..4: no step yet, and any likelihood is better. #}
{% macro newton_start(passes='0') -%}
    cast(0 as {{ type_double() }}) as step1,
    cast(0 as {{ type_double() }}) as step2,
    cast(0 as {{ type_double() }}) as step3,
    cast(0 as {{ type_double() }}) as step4,
    cast(-1e300 as {{ type_double() }}) as log_likelihood,
    false as is_converged,
    {{ passes }} as passes
{%- endmacro %}

{# A sum of doubles that does not depend on their order: in steps of 1e-10, as whole numbers. None counts for more than 9e8. #}
{% macro exact_sum(value) -%}
    cast(sum(cast(greatest(least(({{ value }}) * 1e10, 9e18), -9e18) as bigint)) as {{ type_double() }}) / 1e10
{%- endmacro %}

{# The state after a pass. `sums`: a relation with the keys, the state before, customer_count, new_log_likelihood, g1.. and h11.. .
   Converged is who took a step after which no gradient exceeds 1e-9 per customer. No step is longer than 2, no theta beyond 16. #}
{% macro newton_pass(sums, keys) -%}
select
    {{ keys | join(', ') }},
    theta1,
    theta2,
    theta3,
    theta4,
    {%- for i in range(1, 5) %}
    case
        when is_converged then 0
        when is_taken then greatest(least(direction{{ i }} * least(1, 2 / greatest(longest, 1e-30)), 16 - theta{{ i }}), -16 - theta{{ i }})
        else step{{ i }} / 4
    end as step{{ i }},
    {%- endfor %}
    log_likelihood,
    is_converged,
    passes
from (
    select
        *,
        greatest(abs(direction1), abs(direction2), abs(direction3), abs(direction4)) as longest
    from ({{ newton_direction(newton_taken(sums, keys), keys) }}) as directed
) as measured
{%- endmacro %}

{# Takes the step where the likelihood did not fall by more than what rounding explains. m is the Hessian with its sign
   turned; its diagonal is called curvature. #}
{% macro newton_taken(sums, keys) -%}
select
    {{ keys | join(', ') }},
    customer_count,
    is_taken,
    {%- for i in range(1, 5) %}
    theta{{ i }} + case when is_taken then step{{ i }} else 0 end as theta{{ i }},
    step{{ i }},
    g{{ i }},
    -h{{ i }}{{ i }} as curvature{{ i }},
    {%- for j in range(i + 1, 5) %}
    -h{{ i }}{{ j }} as m{{ i }}{{ j }},
    {%- endfor %}
    {%- endfor %}
    case when is_taken then new_log_likelihood else log_likelihood end as log_likelihood,
    is_converged or (is_taken and greatest(abs(g1), abs(g2), abs(g3), abs(g4)) < 1e-9 * customer_count) as is_converged,
    passes + case when is_converged then 0 else 1 end as passes
from (
    select
        *,
        not is_converged and new_log_likelihood >= log_likelihood - 1e-9 * customer_count as is_taken
    from {{ sums }}
) as judged
{%- endmacro %}

{# Newton's direction, the solution of m d = g, where m is positive definite; else with the least damping that makes it so:
   a diagonal raised by 0.03, 0.3, 1 or 3 times its size. Where not even that is enough, along the gradient. #}
{% macro newton_direction(relation, keys) -%}
select
    *,
    case when is_concave then y1 - w13 * direction3 - w14 * direction4 else g1 / greatest(m11, 1e-30) end as direction1,
    case when is_concave then y2 - w23 * direction3 - w24 * direction4 else g2 / greatest(m22, 1e-30) end as direction2
from (
    select
        *,
        case when is_concave then (c44 * e3 - c34 * e4) / nullif(det_c, 0) else g3 / greatest(m33, 1e-30) end as direction3,
        case when is_concave then (c33 * e4 - c34 * e3) / nullif(det_c, 0) else g4 / greatest(m44, 1e-30) end as direction4,
        row_number() over (
            partition by {{ keys | join(', ') }}
            order by case when is_concave then damping else 10 - damping end
        ) as choice
    from ({{ newton_blocks(newton_damped(relation)) }}) as blocks
) as solved
where choice = 1
{%- endmacro %}

{# Each row five times, with m from undamped to heavily damped. #}
{% macro newton_damped(relation) -%}
select
    damped.*,
    dampings.damping,
    {%- for i in range(1, 5) %}
    curvature{{ i }} + dampings.damping * abs(curvature{{ i }}) as m{{ i }}{{ i }}{% if not loop.last %},{% endif %}
    {%- endfor %}
from ({{ relation }}) as damped
cross join (
    {%- for damping in [0, 0.03, 0.3, 1, 3] %}
    select cast({{ damping }} as {{ type_double() }}) as damping{% if not loop.last %} union all{% endif %}
    {%- endfor %}
) as dampings
{%- endmacro %}

{# The symmetric matrix m in blocks of 2 x 2, (p q; q' s): w = inverse(p) q, y = inverse(p) (g1, g2), c = s - q' w, e = (g3, g4) - q' y. #}
{% macro newton_blocks(relation) -%}
select
    *,
    c33 * c44 - c34 * c34 as det_c,
    coalesce(m11 > 0 and det_p > 0 and c33 > 0 and c33 * c44 - c34 * c34 > 0, false) as is_concave
from (
    select
        *,
        m33 - m13 * w13 - m23 * w23 as c33,
        m34 - m13 * w14 - m23 * w24 as c34,
        m44 - m14 * w14 - m24 * w24 as c44,
        g3 - m13 * y1 - m23 * y2 as e3,
        g4 - m14 * y1 - m24 * y2 as e4
    from (
        select
            *,
            (m22 * m13 - m12 * m23) / nullif(det_p, 0) as w13,
            (m11 * m23 - m12 * m13) / nullif(det_p, 0) as w23,
            (m22 * m14 - m12 * m24) / nullif(det_p, 0) as w14,
            (m11 * m24 - m12 * m14) / nullif(det_p, 0) as w24,
            (m22 * g1 - m12 * g2) / nullif(det_p, 0) as y1,
            (m11 * g2 - m12 * g1) / nullif(det_p, 0) as y2
        from (select *, m11 * m22 - m12 * m12 as det_p from ({{ relation }}) as matrix) as upper_block
    ) as eliminated
) as lower_block
{%- endmacro %}

{# The last state as one to be looked at again, without a step: for the Hessian at the maximum. #}
{% macro newton_at_rest(state, keys) -%}
select
    {{ keys | join(', ') }},
    theta1,
    theta2,
    theta3,
    theta4,
    {{ newton_start(passes='passes') }}
from {{ state }}
{%- endmacro %}

{# theta, its variances (the diagonal of inverse(m); null where m is not positive definite), the likelihood and how it was found. #}
{% macro newton_fitted(sums, keys) -%}
select
    {{ keys | join(', ') }},
    theta1,
    theta2,
    theta3,
    theta4,
    new_log_likelihood as log_likelihood,
    customer_count,
    passes,
    case when is_concave then m22 / det_p + (w13 * w13 * c44 - 2 * w13 * w14 * c34 + w14 * w14 * c33) / det_c end as variance1,
    case when is_concave then m11 / det_p + (w23 * w23 * c44 - 2 * w23 * w24 * c34 + w24 * w24 * c33) / det_c end as variance2,
    case when is_concave then c44 / det_c end as variance3,
    case when is_concave then c33 / det_c end as variance4
from ({{ newton_blocks(newton_matrix(sums)) }}) as blocks
{%- endmacro %}

{# Sums with m, the Hessian with its sign turned. #}
{% macro newton_matrix(sums) -%}
select
    {{ sums }}.*
    {%- for i in range(1, 5) %}
    {%- for j in range(i, 5) %},
    -h{{ i }}{{ j }} as m{{ i }}{{ j }}
    {%- endfor %}
    {%- endfor %}
from {{ sums }}
{%- endmacro %}
