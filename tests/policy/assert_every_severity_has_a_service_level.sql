-- At the as-of date each of the three severities has its points and hours, and a worse one weighs no less than a lesser one.

with

in_force as (

    select
        sum(case when sla.severity = 'minor' then sla.points end) as minor_points,
        sum(case when sla.severity = 'major' then sla.points end) as major_points,
        sum(case when sla.severity = 'critical' then sla.points end) as critical_points

    from {{ ref('int_as_of_date') }} as clock
    inner join {{ ref('policy_sla') }} as sla
        on {{ in_force('sla', 'clock.as_of_date') }}

)

select
    'policy_sla.csv: the points in force must not fall with the severity, and none may be missing: minor '
    || {{ shown('minor_points') }} || ', major ' || {{ shown('major_points') }}
    || ', critical ' || {{ shown('critical_points') }} || '.' as problem

from in_force

where not coalesce(minor_points <= major_points and major_points <= critical_points, false)
