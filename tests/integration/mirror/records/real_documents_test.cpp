// Every document in GitHub's own example payloads and in recorded answers, against a second reading
// of the rules in another language (peers/github_documents.mjs).
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/mirror/documents.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::records {
namespace real_documents_test {

using nlohmann::json;

const std::map<std::string, Process> processes{
    {"user", process_user},
    {"repository", process_repository},
    {"repository_hook", process_repository_hook},
    {"label", process_label},
    {"milestone", process_milestone},
    {"issue", process_issue},
    {"pull_request", process_pull_request},
    {"issue_comment", process_issue_comment},
};

// The hook of an organization, which is in no repository.
const std::set<std::string> refused{"ping/3/hook"};

const std::vector<json>& documents() {
  static const std::vector<json> read = [] {
    std::vector<json> lines;
    for (const auto& line : testing::run_peer("github_documents.mjs"))
      lines.push_back(json::parse(line));
    return lines;
  }();
  return read;
}

Relation relation_of(const std::string& name) {
  for (const auto relation : relations)
    if (to_string(relation) == name) return relation;
  throw std::runtime_error("no relation " + name);
}

Records process_line(const json& line) {
  auto origin = testing::api_origin();
  origin.repository_id = line["repository_id"].get<std::int64_t>();
  return testing::process(processes.at(line["relation"].get<std::string>()),
                          line["document"].get<std::string>(), origin);
}

json columns_of(const Record& record) {
  return json::parse(devy::json::Json::object(record.columns).compact());
}

// The ids of a set of links; null where the document has none.
json ids_of(const std::optional<std::vector<LabelLink>>& links) {
  if (!links) return nullptr;
  auto ids = json::array();
  for (const auto& link : *links)
    ids.push_back(link.id.value());
  return ids;
}
json ids_of(const std::optional<std::vector<std::int64_t>>& links) {
  return links ? json(*links) : json(nullptr);
}

TEST(Process, AgreesWithASecondReadingOnTheColumnsOfRealDocuments) {
  std::map<std::string, int> counts;
  std::set<std::string> skipped;
  for (const auto& line : documents()) {
    const std::string where = line["where"];
    ++counts[line["relation"].get<std::string>()];
    try {
      const auto records = process_line(line);
      const auto* record = records.find(relation_of(line["relation"]), line["id"]);
      ASSERT_NE(record, nullptr) << where;
      EXPECT_EQ(columns_of(*record), line["columns"]) << where;
      EXPECT_EQ(records.skipped().count, 0U) << where << records.skipped().first_reason;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "document_invalid") << where;
      skipped.insert(where);
    }
  }
  EXPECT_EQ(skipped, refused);
  const std::map<std::string, int> expected{
      {"user", 1437},    {"repository", 438}, {"repository_hook", 6}, {"label", 105},
      {"milestone", 40}, {"issue", 56},       {"pull_request", 62},   {"issue_comment", 9}};
  EXPECT_EQ(counts, expected);
}

TEST(Process, AgreesWithASecondReadingOnTheLinksOfRealDocuments) {
  int sets = 0;
  for (const auto& line : documents()) {
    if (line["relation"] != "issue" && line["relation"] != "pull_request") continue;
    const auto records = process_line(line);
    const auto& links = records.find(relation_of(line["relation"]), line["id"])->links;
    const auto& expected = line["links"];
    for (const auto& [name, ids] :
         {std::pair("labels", ids_of(links.labels)),
          std::pair("assignees", ids_of(links.assignees)),
          std::pair("requested_reviewers", ids_of(links.requested_reviewers))}) {
      EXPECT_EQ(ids, expected.value(name, json(nullptr))) << line["where"] << name;
      sets += ids.is_null() ? 0 : 1;
    }
    EXPECT_EQ(links.number, line["columns"]["number"]) << line["where"];
  }
  EXPECT_EQ(sets, 233);
}

// Whoever and whatever is in an issue or a pull request has a record of its own.
TEST(Process, MakesARecordOfEachDocumentInARealOne) {
  int nested = 0;
  for (const auto& line : documents()) {
    if (line["relation"] != "issue" && line["relation"] != "pull_request") continue;
    const auto records = process_line(line);
    for (const auto& [relation, id] :
         line["nested"].get<std::vector<std::pair<std::string, std::int64_t>>>()) {
      EXPECT_NE(records.find(relation_of(relation), id), nullptr)
          << line["where"] << " " << relation << " " << id;
      ++nested;
    }
  }
  EXPECT_EQ(nested, 656);
}

}  // namespace real_documents_test
}  // namespace devy::records
