#include "core/mirror/store/scan_store.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement insert_scan{"insert_mirror_scan", R"sql(
  insert into mirror_scan (id, list_key, repository_id, list, state, started_at, items_expected, parts, parts_open, watermark, mode)
  values ($1::uuid, $2::text, $3::bigint, $4::text, $5::text, $6::timestamptz, $7::integer, $8::integer,
          $8::integer, $9::timestamptz,
          case when $9::timestamptz is null then 'full' else 'incremental' end))sql"};

constexpr pg::Statement insert_part{"insert_mirror_part", R"sql(
  insert into mirror_part (scan_id, slot, from_at, to_at, next_page, stride, next_url, per_page)
  values ($1::uuid, $2::integer, $3::timestamptz, $4::timestamptz, $5::integer, $6::integer, $7::text,
          $8::integer))sql"};

constexpr pg::Statement select_parts{"select_mirror_parts", R"sql(
  select slot, from_at, to_at, next_page, stride, next_url, per_page, pages, done_at is not null as is_done
  from mirror_part
  where scan_id = $1::uuid and slot = coalesce($2::integer, slot)
  order by slot)sql"};

constexpr pg::Statement update_part{"move_mirror_part", R"sql(
  update mirror_part
  set from_at = $3::timestamptz, next_page = $4::integer, next_url = $5::text, per_page = $6::integer,
      pages = pages + 1, items = items + $7::integer
  where scan_id = $1::uuid and slot = $2::integer)sql"};

constexpr pg::Statement call_part_end{"mirror_part_end", R"sql(
  select o_is_last from mirror_part_end($1::uuid, $2::integer))sql"};

constexpr pg::Statement update_counts{"add_mirror_scan_counts", R"sql(
  update mirror_scan
  set requests = requests + $2::integer, free_requests = free_requests + $3::integer,
      items = items + $4::integer, applied = applied + $5::integer, stale = stale + $6::integer,
      invalid = invalid + $7::integer
  where id = $1::uuid)sql"};

constexpr pg::Statement call_scan_end{"mirror_scan_end", R"sql(
  select mirror_scan_end($1::uuid, $2::text))sql"};

constexpr pg::Statement update_reopened{"reopen_mirror_scan", R"sql(
  update mirror_scan set phase = 'running', finished_at = null where id = $1::uuid)sql"};

constexpr pg::Statement update_held{"hold_mirror_scan", R"sql(
  update mirror_scan set phase = 'held' where id = $1::uuid and finished_at is null)sql"};

constexpr pg::Statement delete_scan_row{"delete_mirror_scan", R"sql(
  delete from mirror_scan where id = $1::uuid)sql"};

constexpr pg::Statement select_scans{"select_mirror_scans", R"sql(
  select s.*, coalesce(r.full_name, s.repository_id::text) as repository
  from mirror_scan s
  left join github.repository r on r.id = s.repository_id
  where s.id = coalesce($1::uuid, s.id) and s.repository_id = coalesce($2::bigint, s.repository_id)
  order by s.started_at desc, s.id
  limit $3::integer)sql"};

std::optional<std::string> time_parameter(const std::optional<base::TimePoint>& time) {
  if (!time) return std::nullopt;
  return base::format_rfc3339(*time);
}

std::optional<int> maybe_int(const pg::Row& row, const char* column) {
  const auto value = row.maybe_integer(column);
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

Part read_part(const pg::Row& row) {
  Part part;
  part.slot = static_cast<int>(row.integer("slot"));
  part.from_at = row.maybe_time("from_at");
  part.to_at = row.maybe_time("to_at");
  part.next_page = maybe_int(row, "next_page");
  part.stride = maybe_int(row, "stride");
  part.next_url = row.maybe_text("next_url");
  part.page_size = static_cast<int>(row.integer("per_page"));
  part.pages = static_cast<int>(row.integer("pages"));
  part.is_done = row.boolean("is_done");
  return part;
}

Scan read_scan(const pg::Row& row) {
  Scan scan;
  scan.id = row.text("id");
  scan.list_key = row.text("list_key");
  scan.list = row.text("list");
  scan.state = row.text("state");
  scan.mode = row.text("mode");
  scan.phase = row.text("phase");
  scan.repository_id = row.integer("repository_id");
  scan.repository = row.text("repository");
  scan.started_at = row.time("started_at");
  scan.finished_at = row.maybe_time("finished_at");
  scan.parts = static_cast<int>(row.integer("parts"));
  scan.parts_open = static_cast<int>(row.integer("parts_open"));
  scan.requests = row.integer("requests");
  scan.free_requests = row.integer("free_requests");
  scan.items = row.integer("items");
  scan.items_expected = row.maybe_integer("items_expected");
  scan.applied = row.integer("applied");
  scan.stale = row.integer("stale");
  scan.invalid = row.integer("invalid");
  scan.gone = row.integer("gone");
  return scan;
}

}  // namespace

void begin_scan(pg::Connection& connection, const NewScan& scan) {
  connection.execute(insert_scan,
                     pg::Params(scan.id, scan.list_key, scan.repository_id, scan.list, scan.state,
                                base::format_rfc3339(scan.started_at), scan.items_expected,
                                scan.parts, time_parameter(scan.since)));
}

void add_part(pg::Connection& connection, const std::string& scan, const Part& part) {
  connection.execute(insert_part, pg::Params(scan, part.slot, time_parameter(part.from_at),
                                             time_parameter(part.to_at), part.next_page,
                                             part.stride, part.next_url, part.page_size));
}

Part load_part(pg::Connection& connection, const std::string& scan, int slot) {
  return read_part(connection.one(select_parts, pg::Params(scan, slot))[0]);
}

std::vector<Part> list_parts(pg::Connection& connection, const std::string& scan) {
  std::vector<Part> parts;
  for (const auto row : connection.query(select_parts, pg::Params(scan, std::nullopt)))
    parts.push_back(read_part(row));
  return parts;
}

void move_part(pg::Connection& connection, const std::string& scan, const Part& part, int items) {
  connection.execute(update_part, pg::Params(scan, part.slot, time_parameter(part.from_at),
                                             part.next_page, part.next_url, part.page_size, items));
}

bool end_part(pg::Connection& connection, const std::string& scan, int slot) {
  return connection.one(call_part_end, pg::Params(scan, slot))[0].boolean("o_is_last");
}

void add_counts(pg::Connection& connection, const std::string& scan, const PageCounts& counts) {
  connection.execute(update_counts,
                     pg::Params(scan, counts.requests, counts.free_requests, counts.items,
                                counts.applied, counts.stale, counts.invalid));
}

std::string_view to_string(ScanPhase phase) {
  switch (phase) {
    case ScanPhase::running: return "running";
    case ScanPhase::sweeping: return "sweeping";
    case ScanPhase::held: return "held";
    case ScanPhase::completed: return "completed";
    case ScanPhase::failed: return "failed";
    case ScanPhase::cancelled: break;
  }
  return "cancelled";
}

void end_scan(pg::Connection& connection, const std::string& scan, ScanPhase phase) {
  connection.execute(call_scan_end, pg::Params(scan, to_string(phase)));
}

void hold_scan(pg::Connection& connection, const std::string& scan) {
  connection.execute(update_held, pg::Params(scan));
}

void reopen_scan(pg::Connection& connection, const std::string& scan) {
  connection.execute(update_reopened, pg::Params(scan));
}

void delete_scan(pg::Connection& connection, const std::string& scan) {
  connection.execute(delete_scan_row, pg::Params(scan));
}

std::optional<Scan> find_scan(pg::Connection& connection, const std::string& id) {
  const auto rows = connection.query(select_scans, pg::Params(id, std::nullopt, 1));
  if (rows.empty()) return std::nullopt;
  return read_scan(rows[0]);
}

std::vector<Scan> list_scans(pg::Connection& connection, std::optional<std::int64_t> repository_id,
                             int limit) {
  std::vector<Scan> scans;
  for (const auto row :
       connection.query(select_scans, pg::Params(std::nullopt, repository_id, limit)))
    scans.push_back(read_scan(row));
  return scans;
}

}  // namespace devy::mirror
