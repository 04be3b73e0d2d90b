// The table of SECURITY.md that says what the holder of a secret may cause: each of its cells is
// tried, and the table has no cell that is not.
#include <fstream>
#include <functional>
#include <sstream>

#include "core/platform/base/error.hpp"
#include "tests/integration/publishing/intake_fixture.hpp"

namespace devy::publishing {
namespace secret_scope_test {

using Cells = std::vector<std::string>;

// One cell: an act upon a blog of its own, whose repository GitHub calls `id`.
struct Attempt {
  int number;
  std::int64_t id;
  std::string slug;

  [[nodiscard]] PayloadRepository repository() const { return {.id = id, .name = slug}; }
  [[nodiscard]] std::string where() const {
    return " from repository r join blog b on b.repository_id = r.id where b.slug = '" + slug + "'";
  }
  [[nodiscard]] std::string installation(const std::string& action) const {
    return R"({"action":")" + action + R"(","installation":{"id":5},"repository":{"id":)" +
           std::to_string(id) + R"(},"repositories_)" + action + R"(":[{"id":)" +
           std::to_string(id) + "}]}";
  }
};

// `happened` is a condition about the repository r and the blog b.
struct Act {
  std::string name, event, happened;
  std::function<std::string(const Attempt&)> payload;
  std::string before = {};  // of the repository's columns, in SQL
  bool is_repeated = false;
  bool is_bound = true;
};

constexpr const char* has_upload = "exists (select from upload u where u.blog_id = b.id)";

std::string push_of(const Attempt& attempt) {
  return push_payload({.repository = attempt.repository()});
}
std::string changed(const std::string& action, const PayloadRepository& repository) {
  return repository_payload(action, repository);
}

const std::vector<Act>& acts() {
  static const std::vector<Act> all{
      {.name = "publish what the remote has, of a repository whose id is bound",
       .event = "push",
       .happened = has_upload,
       .payload = push_of},
      {.name = "publish what the remote has, of an address whose id is not bound",
       .event = "push",
       .happened = has_upload,
       .payload = push_of,
       .is_bound = false},
      {.name = "bind an id to an address",
       .event = "push",
       .happened = "r.github_id is not null",
       .payload = push_of,
       .is_bound = false},
      {.name = "change an address",
       .event = "repository",
       .happened = "r.url not like '%/' || b.slug || '.git'",
       .payload =
           [](const Attempt& attempt) {
             return changed("renamed", {.id = attempt.id, .owner = "mallory", .name = "evil"});
           }},
      {.name = "say its name and its default branch",
       .event = "push",
       .happened = "(r.owner, r.default_branch) = ('bob', 'trunk')",
       .payload =
           [](const Attempt& attempt) {
             return push_payload({.repository = {.id = attempt.id,
                                                 .owner = "bob",
                                                 .name = attempt.slug,
                                                 .default_branch = "trunk"}});
           }},
      {.name = "say which installation of the App it belongs to",
       .event = "push",
       .happened = "r.installation is not null",
       .payload =
           [](const Attempt& attempt) {
             return push_payload({.repository = attempt.repository(), .installation = 5});
           }},
      {.name = "mark it as private",
       .event = "repository",
       .happened = "r.is_private",
       .payload =
           [](const Attempt& attempt) {
             return changed("privatized",
                            {.id = attempt.id, .name = attempt.slug, .is_private = true});
           }},
      {.name = "mark it as public",
       .event = "repository",
       .happened = "not r.is_private",
       .payload =
           [](const Attempt& attempt) { return changed("publicized", attempt.repository()); },
       .before = "is_private = true"},
      {.name = "freeze it, as deleted",
       .event = "repository",
       .happened = "r.frozen_reason is not null",
       .payload = [](const Attempt& attempt) { return changed("deleted", attempt.repository()); }},
      {.name = "freeze it, as taken from the App",
       .event = "installation_repositories",
       .happened = "r.frozen_reason is not null",
       .payload = [](const Attempt& attempt) { return attempt.installation("removed"); }},
      {.name = "thaw it, as given back to the App",
       .event = "installation_repositories",
       .happened = "r.frozen_reason is null",
       .payload = [](const Attempt& attempt) { return attempt.installation("added"); },
       .before = "frozen_reason = 'installation removed'"},
      {.name = "say that its webhook was removed",
       .event = "meta",
       .happened = "r.hook_lost_at is not null",
       .payload = [](const Attempt& attempt) { return changed("deleted", attempt.repository()); }},
      {.name = "apply a captured delivery again",
       .event = "meta",
       .happened = "r.hook_lost_at is not null",
       .payload = [](const Attempt& attempt) { return changed("deleted", attempt.repository()); },
       .is_repeated = true},
      {.name = "learn what another delivery brought, by its GUID",
       .event = "push",
       .happened = "false",
       .payload = push_of},
  };
  return all;
}

class SecretScope : public IntakeTest {
 protected:
  SecretScope() {
    config_.github.app_id = "77";
    config_.github.app_key_file = "/app.pem";
  }

  // "yes", "asks", "no" or "401".
  std::string outcome(const Act& act, const webhook::Scope& scope, const Attempt& attempt) {
    connect(attempt.slug, {}, act.is_bound ? std::optional(attempt.id) : std::nullopt);
    if (!act.before.empty())
      execute("update repository set " + act.before +
              " where github_id = " + std::to_string(attempt.id));
    scope_ = scope;
    try {
      if (act.name.starts_with("learn ")) return learnt(act, attempt);
      const auto payload = act.payload(attempt);
      static_cast<void>(take(attempt.number, act.event, payload));
      if (act.is_repeated) {
        execute("update repository set hook_lost_at = null");
        static_cast<void>(take(attempt.number + 1, act.event, payload));
      }
    } catch (const base::Error& error) {
      EXPECT_EQ(error.kind(), base::ErrorKind::denied) << error.text();
      EXPECT_EQ(value("select claim is null" + attempt.where()), "t");
      return "401";
    }
    if (value("select " + act.happened + attempt.where()) == "t") return "yes";
    return value("select claim is not null" + attempt.where()) == "t" ? "asks" : "no";
  }

  // Whether a delivery under the GUID of somebody else's tells what that one brought.
  std::string learnt(const Act& act, const Attempt& attempt) {
    const auto scope = std::exchange(scope_, webhook::Scope{});
    const auto others = push(
        attempt.number, {.after = std::string(36, 'c') + std::to_string(1000 + attempt.number)});
    EXPECT_EQ(others.operations.size(), 1U);
    scope_ = scope;
    const auto told = take(attempt.number, act.event, act.payload(attempt));
    return told.operations.empty() ? "no" : "yes";
  }
};

// The rows of the table, each with its act first.
std::vector<Cells> documented() {
  std::ifstream file(std::string(DEVY_SOURCE_FOLDER) + "/SECURITY.md");
  std::vector<Cells> table;
  bool is_there = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) is_there = line == "## What the holder of a secret may cause";
    if (!is_there || !line.starts_with("| ")) continue;
    Cells cells;
    std::istringstream rest(line.substr(2));
    for (std::string cell; std::getline(rest, cell, '|');) {
      const auto from = cell.find_first_not_of(' ');
      if (from != cell.npos)
        cells.push_back(cell.substr(from, cell.find_last_not_of(' ') + 1 - from));
    }
    table.push_back(cells);
  }
  return table;
}

TEST_F(SecretScope, AllowsWhatTheTableSays) {
  std::vector<Cells> found{
      {"act", "`for` the repository", "`for` another one", "unscoped", "`app`"}};
  int number = 0;
  for (const auto& act : acts()) {
    auto& row = found.emplace_back(Cells{act.name});
    for (int column = 0; column < 4; ++column) {
      number += 2;
      const Attempt attempt{number, 1000 + number, "blog" + std::to_string(number)};
      const std::array<webhook::Scope, 4> scopes{
          webhook::Scope::of_repository(attempt.id), webhook::Scope::of_repository(attempt.id + 1),
          webhook::Scope{}, webhook::Scope{webhook::Reach::app}};
      row.push_back(outcome(act, scopes.at(static_cast<std::size_t>(column)), attempt));
    }
  }
  EXPECT_EQ(documented(), found);
}

}  // namespace secret_scope_test
}  // namespace devy::publishing
