#include "core/sync/store/verify_store.hpp"

#include "core/platform/base/error.hpp"
#include "core/sync/record/remote.hpp"
#include "core/sync/store/connection_store.hpp"

namespace devy::sync {
namespace {

constexpr int pairs_at_a_time = 500;

constexpr pg::Statement select_pairs{"connection_pairs", R"sql(
  select o_key, coalesce(o_link::text, '') as link, coalesce(o_said, '') as said, o_is_gone,
         coalesce(o_base, '') as base, coalesce(o_base_digest, '') as base_digest,
         coalesce(o_local, '') as local, o_is_pending
    from connection_pairs($1::uuid, $2::text, $3::bigint, $4::integer))sql"};

constexpr pg::Statement call_repair{"connection_repair", R"sql(
  select connection_repair($1::uuid, $2::text[], $3::bigint[], $4::boolean[]) as repaired)sql"};

// Names the fields in which two of a kind differ.
std::vector<std::string> different_fields(const record::TaskFields& a,
                                          const record::TaskFields& b) {
  std::vector<std::string> fields;
  const auto add = [&](const char* name, bool is_equal) {
    if (!is_equal) fields.emplace_back(name);
  };
  add("title", a.title == b.title);
  add("body", record::normal_text(a.body) == record::normal_text(b.body));
  add("state", a.is_closed == b.is_closed && a.state_reason == b.state_reason);
  add("labels", a.labels == b.labels);
  add("milestone", a.milestone == b.milestone);
  add("assignees", a.assignees == b.assignees);
  return fields;
}

class Comparer {
 public:
  Comparer(pg::Connection& connection, const Connected& connected)
      : connection_(connection), connected_(connected) {}

  Comparison compare() {
    for (const auto* kind : {"task", "comment"})
      for (std::int64_t after = 0, rows = pairs_at_a_time; rows == pairs_at_a_time;)
        rows = compare_batch(kind, after);
    return std::move(found_);
  }

 private:
  std::int64_t compare_batch(const std::string& kind, std::int64_t& after) {
    const auto rows =
        connection_.query(select_pairs, pg::Params(connected_.id, kind, after, pairs_at_a_time));
    for (const auto row : rows) {
      after = row.integer("o_key");
      compare_pair(kind, row);
    }
    return rows.size();
  }

  void compare_pair(const std::string& kind, const pg::Row& row) {
    const bool is_gone = row.boolean("o_is_gone");
    const auto said = row.view("said");
    // It ended on both sides, or was left to itself here.
    if (is_gone) {
      ++found_.equal;
    } else if (row.view("link").empty() || row.view("local").empty()) {
      // A pair that waits for its first operation will have its record.
      if (said.empty() || row.boolean("o_is_pending")) ++found_.equal;
      else add(found_.missing, kind, row, {});
    } else if (said.empty()) {
      if (row.boolean("o_is_pending")) ++found_.equal;
      else add(found_.extra, kind, row, {});
    } else if (row.boolean("o_is_pending")) {
      ++found_.equal;
    } else {
      compare_texts(kind, row);
    }
  }

  void compare_texts(const std::string& kind, const pg::Row& row) {
    std::vector<std::string> fields;
    bool is_base_equal = true;
    if (kind == "task") {
      const auto remote = record::remote_task(row.text("said"));
      fields = different_fields(record::task_fields(row.text("local")),
                                record::to_local(remote, connected_.labels));
      is_base_equal = record::digest(remote) == row.view("base_digest");
    } else {
      const auto remote = record::remote_comment(row.text("said"));
      const auto local = record::remote_comment(row.text("local"));
      if (record::normal_text(local.body) != record::to_local(remote)) fields.emplace_back("body");
      is_base_equal = record::digest(remote) == row.view("base_digest");
    }
    if (fields.empty() && is_base_equal) {
      ++found_.equal;
      return;
    }
    if (fields.empty()) fields.emplace_back("base");
    add(found_.different, kind, row, std::move(fields), is_base_equal);
  }

  void add(std::vector<Difference>& to, const std::string& kind, const pg::Row& row,
           std::vector<std::string> fields, bool is_unsent = false) {
    if (to.size() >= differences_max) {
      found_.is_more = true;
      return;
    }
    to.push_back({row.text("link"), kind, connected_.repository, row.integer("o_key"),
                  std::move(fields), is_unsent});
  }

  pg::Connection& connection_;
  const Connected& connected_;
  Comparison found_;
};

}  // namespace

Comparison compare(pg::Connection& connection, const std::string& connection_id) {
  const auto connected = find_connection(connection, connection_id);
  if (!connected)
    throw base::Error(base::ErrorKind::not_found,
                      "unable to compare a connection: there is none of that id",
                      "`devy-upload project show` lists those of a project.");
  return Comparer(connection, *connected).compare();
}

std::int64_t record_repairs(pg::Connection& connection, const std::string& connection_id,
                            std::span<const Difference> differences) {
  std::vector<std::string> kinds, keys, unsent;
  for (const auto& difference : differences) {
    kinds.push_back(difference.kind);
    keys.push_back(std::to_string(difference.github_key));
    unsent.emplace_back(difference.is_unsent ? "t" : "f");
  }
  return connection.one(call_repair, pg::Params(connection_id, kinds, keys, unsent))[0].integer(
      "repaired");
}

}  // namespace devy::sync
