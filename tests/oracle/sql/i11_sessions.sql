-- I11 no session holds what it should not
select 'idle in a transaction for over 10 s: ' || pid || ' ' || application_name
  from pg_stat_activity
 where datname = current_database() and state like 'idle in transaction%'
   and state_change < clock_timestamp() - interval '10 seconds';
select 'advisory lock of a session that does nothing: ' || l.pid
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
 where l.locktype = 'advisory' and a.datname = current_database() and a.state = 'idle'
   and a.state_change < clock_timestamp() - interval '10 seconds';
select 'prepared transaction: ' || gid from pg_prepared_xacts where database = current_database();
