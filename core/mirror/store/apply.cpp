#include "core/mirror/store/apply.hpp"

#include "core/mirror/store/sent_document.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/json/json.hpp"

namespace devy::mirror {
namespace {

using json::Json;
using records::Relation;

// A row that another session has just inserted is there in the second pass. What is still refused
// then has a number that another row has.
constexpr int passes_max = 2;

constexpr pg::Statement apply_documents{"mirror_apply", R"sql(
  select o_place, o_outcome
  from mirror_apply($1::text, $2::jsonb, $3::text, $4::timestamptz, $5::boolean))sql",
                                        true};

constexpr pg::Statement write_links{"mirror_write_links", R"sql(
  select mirror_write_links($1::jsonb))sql",
                                    true};

void count(Outcomes& outcomes, std::string_view outcome) {
  if (outcome == "applied") ++outcomes.applied;
  else if (outcome == "same") ++outcomes.same;
  else if (outcome == "stale") ++outcomes.stale;
  else ++outcomes.tie;
}

// Returns the documents that changed their rows, for what hangs on them.
Json write(pg::Connection& connection, Relation relation, std::vector<Json> documents,
           const ApplyOptions& options, Outcomes& outcomes) {
  const std::string_view sent_via = options.via == records::Via::api ? "api" : "webhook";
  auto changed = Json::array();
  for (int pass = 0; pass < passes_max && !documents.empty(); ++pass) {
    auto array = Json::array();
    for (const auto& document : documents)
      array.push(document);
    std::vector<Json> refused;
    for (const auto row :
         connection.query(apply_documents,
                          pg::Params(records::to_string(relation), array.compact(), sent_via,
                                     base::format_rfc3339(options.at), relation == options.main))) {
      auto& document = documents.at(static_cast<std::size_t>(row.integer("o_place")) - 1);
      const auto outcome = row.view("o_outcome");
      if (outcome == "applied") changed.push(document);
      if (outcome == "conflict") refused.push_back(std::move(document));
      else count(outcomes, outcome);
    }
    documents = std::move(refused);
  }
  outcomes.invalid += static_cast<std::int64_t>(documents.size());
  return changed;
}

}  // namespace

Applied apply(pg::Connection& connection, const records::Records& records,
              const ApplyOptions& options, const RowObservers& observers) {
  Applied applied;
  for (const auto relation : records::relations) {
    std::vector<Json> documents;
    for (const auto* record : records.of(relation))
      documents.push_back(sent_document(*record, options));
    if (documents.empty()) continue;
    const auto changed =
        write(connection, relation, std::move(documents), options, applied[relation]);
    if ((relation == Relation::issue || relation == Relation::pull_request) && changed.size() > 0)
      connection.execute(write_links, pg::Params(changed.compact()));
  }
  tell_observers(connection, observers);
  return applied;
}

}  // namespace devy::mirror
