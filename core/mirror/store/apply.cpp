#include "core/mirror/store/apply.hpp"

#include <string>
#include <utility>

#include "core/mirror/store/sent_document.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace {

using records::Relation;

constexpr pg::Statement apply_documents{"mirror_apply", R"sql(
  select o_relation, o_applied, o_same, o_stale, o_tie, o_invalid
  from mirror_apply($1::jsonb, $2::text, $3::timestamptz, $4::text))sql",
                                        true};

Relation relation_of(std::string_view name) {
  for (const auto relation : records::relations)
    if (records::to_string(relation) == name) return relation;
  throw base::Error(base::ErrorKind::internal,
                    "unable to count documents: unknown table '" + std::string(name) + "'");
}

void count_documents(Relation relation, std::string_view via, const Outcomes& outcomes) {
  const auto prefix = "mirror_documents." + std::string(records::to_string(relation)) + "." +
                      std::string(via) + ".";
  for (const auto& [outcome, count] : {std::pair{"applied", outcomes.applied},
                                       {"same", outcomes.same},
                                       {"stale", outcomes.stale},
                                       {"tie", outcomes.tie},
                                       {"invalid", outcomes.invalid}})
    if (count > 0) base::count(prefix + outcome, count);
}

}  // namespace

Applied apply(pg::Connection& connection, const records::Records& records,
              const ApplyOptions& options, const RowObservers& observers) {
  const std::string_view via = options.via == records::Via::api ? "api" : "webhook";
  Applied applied;
  for (const auto row :
       connection.query(apply_documents, pg::Params(sent_documents(records, options).compact(), via,
                                                    base::format_rfc3339(options.at),
                                                    records::to_string(options.main)))) {
    const auto relation = relation_of(row.view("o_relation"));
    applied[relation] = {row.integer("o_applied"), row.integer("o_same"), row.integer("o_stale"),
                         row.integer("o_tie"), row.integer("o_invalid")};
    count_documents(relation, via, applied[relation]);
  }
  tell_observers(connection, observers);
  return applied;
}

}  // namespace devy::mirror
