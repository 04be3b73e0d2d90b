#include "core/platform/web/operation_list.hpp"

#include "core/platform/web/operation_row.hpp"

namespace devy::web {
namespace {

constexpr pg::Statement list_statement{"console_operations", R"sql(
  select *
    from console_operations(p_before => $1::bigint, p_states => $2::text[], p_kinds => $3::text[],
                            p_owner => $4::text, p_code => $5::text, p_key => $6::text,
                            p_resources => $7::bigint[], p_wanted => $8::integer,
                            p_looked_at_max => $9::integer, p_resources_max => $10::integer))sql",
                                       true};

constexpr pg::Statement newest_statement{"console_newest_arrival", R"sql(
  select coalesce(max(arrival), 0) as arrival from operation)sql",
                                         true};

std::optional<std::vector<std::string>> resource_texts(const OperationFilter& filter) {
  if (!filter.resources) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto id : *filter.resources)
    texts.push_back(std::to_string(id));
  return texts;
}

}  // namespace

OperationLine read_line(const pg::Row& row) {
  OperationLine line;
  line.arrival = row.integer("arrival");
  line.id = row.text("id");
  line.kind = row.text("kind");
  line.state = row.text("state");
  line.source = row.text("source");
  line.owner = row.text("owner");
  line.resource_kind = row.text("resource_kind");
  line.key = row.text("key");
  line.step = row.maybe_text("step");
  line.error_code = row.maybe_text("error_code");
  line.error_text = row.maybe_text("error_text");
  line.attempt = static_cast<int>(row.integer("attempt"));
  line.max_attempts = static_cast<int>(row.integer("max_attempts"));
  line.created_at = row.time("created_at");
  line.run_at = row.maybe_time("run_at");
  line.started_at = row.maybe_time("started_at");
  line.finished_at = row.maybe_time("finished_at");
  return line;
}

OperationList list_operations(pg::Connection& connection, const OperationFilter& filter) {
  // One more than is shown tells whether there is a next page.
  const int wanted = operations_per_page + 1;
  const auto rows = connection.query(
      list_statement,
      pg::Params(filter.before, filter.states, filter.kinds, filter.owner, filter.code, filter.key,
                 resource_texts(filter), wanted, operations_looked_at_max, owner_resources_max));
  OperationList list;
  for (const auto row : rows) {
    if (row.is_null("id")) {
      list.looked_back_to = row.time("created_at");
      list.next_before = row.integer("arrival");
    } else if (list.lines.size() == operations_per_page) {
      list.next_before = list.lines.back().arrival;
    } else {
      list.lines.push_back(read_line(row));
    }
  }
  return list;
}

std::int64_t newest_arrival(pg::Connection& connection) {
  return connection.one(newest_statement)[0].integer("arrival");
}

}  // namespace devy::web
